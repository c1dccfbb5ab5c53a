/* Stands in for the program where only the installer is tried: it is open until it is asked to quit, as the program is, and
   takes a moment for it; and it leaves a mark where it is to forget its keys. Never shipped. */
#include <stdio.h>
#include <string.h>
#include <windows.h>

static int mark(const char *name) {
    FILE *file = fopen(name, "w");
    return file == NULL || fclose(file) != 0;
}

int WINAPI WinMain(HINSTANCE instance, HINSTANCE before, LPSTR arguments, int show) {
    HANDLE quit = CreateEventA(NULL, TRUE, FALSE, "agenda-sede-stand-in-quit");
    if (strstr(arguments, "--quit")) {
        SetEvent(quit);
        return 0;
    }
    if (strstr(arguments, "--forget-keys")) return mark("C:\\forgotten.txt");
    mark("C:\\open.txt");
    if (strstr(arguments, "--stubborn")) {
        Sleep(120000);
        return 0;
    }
    WaitForSingleObject(quit, 120000);
    Sleep(1500);
    return mark("C:\\saved.txt");
}
