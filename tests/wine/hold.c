// Holds a file open as Excel does: hold FILE SHARE MILLISECONDS. SHARE is what others may do meanwhile: 0 nothing, 1 read, 3 read and write.
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

int wmain(int count, wchar_t **arguments) {
  if (count != 4) return 2;
  HANDLE file = CreateFileW(arguments[1], GENERIC_READ | GENERIC_WRITE, _wtoi(arguments[2]), NULL, OPEN_EXISTING, 0, NULL);
  if (file == INVALID_HANDLE_VALUE) return 1;
  puts("held");
  fflush(stdout);
  Sleep(_wtoi(arguments[3]));
  return 0;
}
