/** What every server of the report is told by its environment. */
export const port = Number(process.env['PORT']);
export const upstreamOrigin = process.env['UPSTREAM_URL'] ?? '';
export const upstreamPath = '/confopenapi/admin/dashboard/conference/info';

/** The report is the parent of each: when it is stopped half-way, it leaves nothing behind. */
process.on('disconnect', () => process.exit());
