// The lines to the program: questions with answers, and a line on which it speaks unasked.

/** A question that was refused. */
export class Refused extends Error {
  constructor(code, said) {
    super(said?.[1] ?? code);
    this.code = code;
    this.said = said;
  }
}

/** Asks the program something. */
export async function ask(what, body = {}) {
  let answer;
  try {
    answer = await fetch(`ask/${what}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Refused("gone", ["fanshi studio 已经结束", "fanshi studio has ended"]);
  }
  if (answer.ok) return answer.json();
  if (answer.status === 422) {
    const { refused, said } = await answer.json();
    throw new Refused(refused, said);
  }
  throw new Refused(`http_${answer.status}`, [`没有办成（${answer.status}）`, `that failed (${answer.status})`]);
}

/** Opens the line; `hear` is given each message, `ended` is called when it breaks. */
export function line(hear, ended) {
  const address = new URL("socket", location.href);
  address.protocol = "ws:";
  const socket = new WebSocket(address);
  socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
  socket.addEventListener("close", ended);
  return { send: (message) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message)) };
}
