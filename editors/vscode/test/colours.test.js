// The grammar as VS Code reads it, and the matchers of problems on what `fanshi check` says.
'use strict';

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const oniguruma = require('vscode-oniguruma');
const textmate = require('vscode-textmate');

const root = path.resolve(__dirname, '../../..');
const fanshi = process.env.FANSHI ?? path.join(root, 'target/debug/fanshi');
const package_ = require('../package.json');

async function grammar() {
  const wasm = fs.readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () =>
      textmate.parseRawGrammar(fs.readFileSync(path.join(__dirname, '../syntaxes/fanshi.tmLanguage.json'), 'utf8'), 'fanshi.json'),
  });
  return registry.loadGrammar('source.fanshi');
}

test('words have their colours, written apart and together', async () => {
  const read = await grammar();
  const scopes = (line) =>
    read
      .tokenizeLine(line, null)
      .tokens.map((token) => [line.slice(token.startIndex, token.endIndex).trim(), token.scopes.at(-1)])
      .filter(([word]) => word);
  const of = (line, word) => scopes(line).find(([one]) => one === word)?.[1] ?? `nothing of ${JSON.stringify(scopes(line))}`;
  for (const [line, word, scope] of [
    ['政策 七个凡是 | seven_whenevers', '政策', 'storage.type'],
    ['第一条 明令取消 | cancelled_above', '第一条', 'keyword.other.article'],
    ['第一条 明令取消 | cancelled_above', '明令取消', 'entity.name.function'],
    ['  凡 书，页 不得 超过 500。', '凡', 'keyword.control.whenever'],
    ['  凡 书，页 不得 超过 500。', '不得', 'keyword.control.modal'],
    ['  凡 书，页 不得 超过 500。', '超过', 'keyword.operator.word'],
    ['  凡 书，页 不得 超过 500。', '500', 'constant.numeric'],
    ['  凡书，页不得超过500。', '不得', 'keyword.control.modal'],
    ['  凡 书，承诺 不得 超过 20 工作日。', '工作日', 'keyword.other.unit'],
    ['  根据 《行政许可法》第十七条', '《行政许可法》', 'markup.underline.link'],
    ['  说明 “有 {页} 页”', '{页}', 'variable.other.interpolated'],
    ['  页 | pages : 整数 # 几页', '# 几页', 'comment.line'],
    ['  页 | pages : 整数', '整数', 'support.type'],
    ['article 1 thick', 'article 1', 'keyword.other.article'],
    ['  whenever book, pages must not exceed 500.', 'must not', 'keyword.control.modal'],
    ['定义 厚(书) = 数量(章) > 9', '数量', 'support.function'],
    ['表 书 {', '表', 'storage.type'],
  ]) {
    assert.ok(of(line, word).startsWith(scope), `${line}: ${word} is ${of(line, word)}, not ${scope}`);
  }
  const unclosed = read.tokenizeLine('  说明 “没有合上', null);
  const next = read.tokenizeLine('第二条 乙', unclosed.ruleStack);
  assert.ok(next.tokens[0].scopes.at(-1).startsWith('keyword'), 'a text ends with its line');
});

test('every shipped policy is read without a line that is slow', async () => {
  const read = await grammar();
  const folder = path.join(root, 'policies/approval-reform');
  for (const name of fs.readdirSync(folder).filter((one) => one.endsWith('.fan'))) {
    let rules = null;
    for (const line of fs.readFileSync(path.join(folder, name), 'utf8').split('\n')) {
      const read_ = read.tokenizeLine(line, rules, 200);
      assert.ok(!read_.stoppedEarly, `${name}: ${line}`);
      rules = read_.ruleStack;
    }
  }
});

test('problems are found in what is reported, in both languages and both formats', () => {
  const [concise, multiline] = package_.contributes.problemMatchers;
  for (const [language, format] of [['zh', 'concise'], ['en', 'concise'], ['zh', 'text'], ['en', 'text']]) {
    const run = spawnSync(fanshi, ['check', 'examples/library', '--format', format, '--lang', language, '--color', 'never'], { cwd: root, encoding: 'utf8' });
    const lines = run.stdout.split('\n');
    if (format === 'concise') {
      const found = lines.map((line) => line.match(concise.pattern.regexp)).filter(Boolean);
      assert.equal(found.length, 4, run.stdout);
      const { file, line, column, message } = concise.pattern;
      for (const one of found) {
        assert.ok(fs.existsSync(path.join(root, one[file])) && Number(one[line]) > 0 && Number(one[column]) > 0 && one[message]);
      }
    } else {
      const [, place] = multiline.pattern;
      assert.ok(lines.filter((line) => line.match(place.regexp)).length >= 3, run.stdout);
    }
  }
  const folder = fs.mkdtempSync(path.join(require('node:os').tmpdir(), 'fanshi-'));
  fs.writeFileSync(path.join(folder, 'fanshi.toml'), '[project]\nas_of = 2015-11-20\npolicies = ["a.fan"]\n');
  fs.writeFileSync(path.join(folder, 'a.fan'), '政策 甲\n第一条 乙 凡 书，页 不得 超过 5。\n');
  for (const language of ['zh', 'en']) {
    const run = spawnSync(fanshi, ['check', folder, '--lang', language, '--color', 'never'], { encoding: 'utf8' });
    const lines = run.stdout.split('\n');
    const [message, place] = multiline.pattern;
    const at = lines.findIndex((line, index) => line.match(message.regexp) && lines[index + 1]?.match(place.regexp));
    assert.notEqual(at, -1, run.stdout);
    assert.equal(lines[at + 1].match(place.regexp)[place.line], '2');
  }
  fs.rmSync(folder, { recursive: true });
});
