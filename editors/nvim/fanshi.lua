-- Neovim 0.11 or later: put this file on the runtime path as lua/fanshi.lua and say `require('fanshi').setup()` in init.lua.
-- `setup({ cmd = { '/path/to/fanshi', 'lsp' }, language = 'zh' })` says where the executable is, and the language of messages.
local M = {}

--- The rows that the server listed, as a quickfix list: each entry leads to the first cell.
local function to_quickfix(answer)
  local items = {}
  for _, row in ipairs(answer.rows) do
    local place = row.places[1]
    if place and place ~= vim.NIL then
      table.insert(items, {
        filename = vim.uri_to_fname(place.uri),
        lnum = place.range.start.line + 1,
        col = place.range.start.character + 1,
        text = string.format('%s %s %s: %s', row.outcome.said, row.table, row.key, row.message),
      })
    end
  end
  vim.fn.setqflist({}, ' ', { title = answer.heading .. ' — ' .. answer.cameTo, items = items })
  vim.cmd('copen')
end

--- Runs a command of the server about where the cursor is.
local function here(command, show)
  local client = vim.lsp.get_clients({ bufnr = 0, name = 'fanshi' })[1]
  if not client then
    return
  end
  local position = vim.lsp.util.make_position_params(0, client.offset_encoding)
  local argument = { uri = position.textDocument.uri, position = position.position }
  client:request('workspace/executeCommand', { command = command, arguments = { argument } }, function(failed, answer)
    if failed then
      vim.notify(failed.message, vim.log.levels.ERROR)
    elseif answer then
      show(answer)
    end
  end)
end

function M.setup(options)
  options = options or {}
  vim.filetype.add({ extension = { fan = 'fanshi' } })
  -- A click on the counts above an article lists its rows.
  vim.lsp.commands['fanshi.rows'] = function(command, context)
    local client = vim.lsp.get_client_by_id(context.client_id)
    client:request('workspace/executeCommand', { command = command.command, arguments = command.arguments }, function(failed, answer)
      if not failed and answer then
        to_quickfix(answer)
      end
    end)
  end
  vim.api.nvim_create_autocmd('FileType', {
    pattern = 'fanshi',
    callback = function(event)
      vim.bo[event.buf].commentstring = '# %s'
      vim.api.nvim_buf_create_user_command(event.buf, 'FanshiRows', function()
        here('fanshi.rows', to_quickfix)
      end, {})
      vim.api.nvim_buf_create_user_command(event.buf, 'FanshiCases', function()
        here('fanshi.cases', function(answer)
          vim.notify(answer.said)
        end)
      end, {})
      vim.api.nvim_buf_create_user_command(event.buf, 'FanshiFlips', function()
        here('fanshi.flips', function(answer)
          vim.notify(answer.said)
        end)
      end, {})
    end,
  })
  vim.api.nvim_create_autocmd('LspAttach', {
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == 'fanshi' and client:supports_method('textDocument/codeLens') then
        vim.lsp.codelens.refresh({ bufnr = event.buf })
        vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'BufWritePost' }, {
          buffer = event.buf,
          callback = function()
            vim.lsp.codelens.refresh({ bufnr = event.buf })
          end,
        })
      end
    end,
  })
  vim.lsp.config('fanshi', {
    cmd = options.cmd or { 'fanshi', 'lsp' },
    filetypes = { 'fanshi' },
    root_markers = { 'fanshi.toml', '.git' },
    init_options = { language = options.language or 'auto', verdicts = options.verdicts or 'lens' },
  })
  vim.lsp.enable('fanshi')
end

return M
