// Values of a file of cases: how they are shown, and how what is typed is written.

const NUMBER = /^-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]+)?$/;

/** The text of a quoted value; `null` for what is not quoted, or not in one line. */
function quoted(value) {
  if (/^'[^'\n]*'$/.test(value)) return value.slice(1, -1);
  try {
    return value.startsWith('"') ? String(JSON.parse(value)) : null;
  } catch {
    return null;
  }
}

/** A value as a person reads it: a text without its quotation marks. */
export const shown = (value) => quoted(value) ?? value;

/** Whether a value may be typed anew: a list, a table, and a text in a form of its own may not. */
export const isPlain = (value) => quoted(value) !== null || !/^["'[{]/.test(value);

function isDay(text) {
  const found = text.match(/^(\d{4})-(\d{2})-(\d{2})$/);
  if (!found) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** What is typed in the place of a value, as TOML: a text stays one; what is no number, no day and
 * neither true nor false becomes one. */
export function written(typed, before) {
  const text = typed.trim();
  const bare = quoted(before) === null && (NUMBER.test(text) || text === "true" || text === "false" || isDay(text));
  return bare ? text : JSON.stringify(typed.toWellFormed()).replaceAll("\u007f", "\\u007f");
}
