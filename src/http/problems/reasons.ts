/** The words of each status (RFC 9110 §15). An `import` of this module would read all it has, a whole HTTP client too. */
export const { STATUS_CODES: reasons } = process.getBuiltinModule('node:http')
