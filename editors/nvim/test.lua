-- Drives the server from Neovim: nvim --headless -u NONE -l editors/nvim/test.lua, from anywhere; FANSHI=/path/to/fanshi.
local folder = vim.fs.dirname(vim.fs.normalize(vim.fn.fnamemodify(arg and arg[0] or debug.getinfo(1, 'S').source:sub(2), ':p')))
local root = vim.fs.dirname(vim.fs.dirname(folder))
package.path = folder .. '/?.lua;' .. package.path
local fanshi = os.getenv('FANSHI') or root .. '/target/debug/fanshi'

local function check(said, held)
  if not held then
    io.stderr:write('FAILED: ' .. said .. '\n')
    os.exit(1)
  end
  print('ok: ' .. said)
end

local function wait(said, test)
  check(said, vim.wait(60000, test, 50))
end

require('fanshi').setup({ cmd = { fanshi, 'lsp' }, language = 'zh' })
vim.cmd('filetype on')
vim.cmd.edit(root .. '/policies/approval-reform/seven-whenevers.fan')
check('the file type is known', vim.bo.filetype == 'fanshi')
wait('the server is there', function()
  return #vim.lsp.get_clients({ bufnr = 0, name = 'fanshi' }) == 1
end)
local client = vim.lsp.get_clients({ bufnr = 0, name = 'fanshi' })[1]
wait('it has begun', function()
  return client.initialized
end)
check('bytes or UTF-16 are agreed to: ' .. client.offset_encoding, client.offset_encoding:match('^utf%-') ~= nil)

local function line_of(words)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local at = line:find(words, 1, true)
    if at then
      return number - 1, at - 1
    end
  end
end

local function ask(method, params)
  local answer = client:request_sync(method, params, 60000, 0)
  return answer and answer.result
end

local row, column = line_of('下放 的')
vim.api.nvim_buf_set_text(0, row, column, row, column + #'下放', { '下方' })
wait('a mistake is told as it is typed', function()
  local found = vim.diagnostic.get(0)
  return #found > 0 and found[1].lnum == row and found[1].col == column and found[1].message:find('下方', 1, true) ~= nil
end)
vim.api.nvim_buf_set_text(0, row, column, row, column + #'下方', { '下放' })
wait('and goes when it is mended', function()
  return #vim.diagnostic.get(0) == 0
end)

local document = vim.lsp.util.make_text_document_params(0)
local lenses = ask('textDocument/codeLens', { textDocument = document })
check('counts stand above articles', lenses and #lenses > 5 and lenses[1].command.title:find('违反', 1, true) ~= nil)
vim.lsp.commands['fanshi.rows'](lenses[1].command, { client_id = client.id })
wait('a click lists the rows', function()
  local list = vim.fn.getqflist()
  return #list > 0 and vim.fn.bufname(list[1].bufnr):find('%.toml$') ~= nil
end)
vim.cmd('wincmd p')

vim.api.nvim_win_set_cursor(0, { row + 1, column })
local hover = ask('textDocument/hover', vim.lsp.util.make_position_params(0, client.offset_encoding))
check('hover tells what stands there', hover ~= nil and hover.contents.value:find('下放', 1, true) ~= nil)
local definition = ask('textDocument/definition', vim.lsp.util.make_position_params(0, client.offset_encoding))
check('definitions are found', definition ~= nil and #definition == 1)
local completion = ask('textDocument/completion', vim.lsp.util.make_position_params(0, client.offset_encoding))
check('completion offers something', completion ~= nil and #completion.items > 0)

client:stop()
wait('it ends', function()
  return client:is_stopped()
end)
os.exit(0)
