// What differs between two texts, line by line, with a little around it.

const AROUND = 2;
const MOST = 4000;

/** Lines with a sign: `+`, `-`, ` ` around them, `…` where some are left out. */
export function lines(before, after) {
  const [a, b] = [before, after].map((text) => text.split(/\r?\n/));
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const [x, y] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  if (!x.length && !y.length) return [];
  const middle = x.length * y.length > MOST * 100 ? [...x.map((line) => ["-", line]), ...y.map((line) => ["+", line])] : longest(x, y);
  const all = [...a.slice(0, head).map((line) => [" ", line]), ...middle, ...a.slice(a.length - tail).map((line) => [" ", line])];
  const near = all.map((_, at) => all.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(([sign]) => sign !== " "));
  const shown = [];
  all.forEach((line, at) => {
    if (near[at]) shown.push(line);
    else if (shown.length && shown.at(-1)[0] !== "…") shown.push(["…", ""]);
  });
  if (shown.at(-1)?.[0] === "…") shown.pop();
  return shown;
}

/** By the longest common subsequence. */
function longest(x, y) {
  const width = y.length + 1;
  const lengths = new Uint32Array((x.length + 1) * width);
  for (let i = x.length - 1; i >= 0; i -= 1) {
    for (let j = y.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = x[i] === y[j] ? lengths[(i + 1) * width + j + 1] + 1 : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  const found = [];
  let [i, j] = [0, 0];
  while (i < x.length || j < y.length) {
    if (i < x.length && j < y.length && x[i] === y[j]) {
      found.push([" ", x[i]]);
      i += 1;
      j += 1;
    } else if (i < x.length && (j >= y.length || lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])) {
      found.push(["-", x[i]]);
      i += 1;
    } else {
      found.push(["+", y[j]]);
      j += 1;
    }
  }
  return found;
}
