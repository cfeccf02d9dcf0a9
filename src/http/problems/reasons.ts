/** The words of each status (RFC 9110 §15). Not by `import`, which would load all of `node:http`, undici too. */
export const { STATUS_CODES: reasons } = process.getBuiltinModule('node:http')
