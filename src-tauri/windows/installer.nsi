; The installer of Agenda Sede: for one person without an administrator, or for everybody on the computer. It is also what the
; program's own updates start. Switches and exit codes stand in docs/installing.md.
;
; Given by scripts/windows/installer.sh: VERSION (1.2.3), BIN (the folder with the built program), ICON, OUT.

Target amd64-unicode
Unicode true

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include WinVer.nsh
!include WordFunc.nsh
!include nsDialogs.nsh
!include Win\COM.nsh
!include Win\Propkey.nsh

!define NAME "Agenda Sede"
!define IDENTIFIER "it.agendasede.desktop"
!define PROGRAM "agenda-sede.exe"
!define LOADER "WebView2Loader.dll"
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${IDENTIFIER}"
!define NOTICES_KEY "Software\Classes\AppUserModelId\${IDENTIFIER}"
!define RUN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"
!define APPROVED_KEY "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
!define WEBVIEW "Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"

; What it ends with.
!define OTHER_KIND 3
!define DOWNGRADE 4
!define NO_ADMINISTRATOR 5
!define STILL_OPEN 6
!define NO_WEBVIEW 7
!define WRONG_WINDOWS 8

Name "${NAME}"
OutFile "${OUT}"
BrandingText "${NAME} ${VERSION}"
RequestExecutionLevel user
ManifestSupportedOS Win10
ManifestDPIAware true
ManifestLongPathAware true
SetCompressor /SOLID lzma
AllowSkipFiles off
ShowInstDetails nevershow
ShowUninstDetails nevershow
VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=0 "ProductName" "${NAME}"
VIAddVersionKey /LANG=0 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileDescription" "${NAME}, installazione"
VIAddVersionKey /LANG=0 "CompanyName" "${NAME}"
VIAddVersionKey /LANG=0 "LegalCopyright" "MIT OR Apache-2.0"

; For everybody on the computer (1), or for one person (0).
Var ForEverybody
; Whether somebody said which.
Var Chosen
; Started by an update: nobody is asked anything.
Var Passive
Var Restart
Var NoShortcuts
Var WantsDesktopIcon
Var NoWebViewWanted
Var RestartArguments
; The version that is there.
Var Installed
Var DataToo

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_CUSTOMFUNCTION_ABORT Cancelled

!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipWhenPassive
!insertmacro MUI_PAGE_WELCOME
Page custom ForWhomPage ForWhomLeave
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_TEXT "$(RunNow)"
!define MUI_FINISHPAGE_RUN_FUNCTION OpenProgram
!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipWhenPassive
!insertmacro MUI_PAGE_FINISH

UninstPage custom un.DataPage un.DataLeave
!insertmacro MUI_UNPAGE_INSTFILES

!insertmacro MUI_LANGUAGE "Italian"
!insertmacro MUI_LANGUAGE "English"
!include texts.nsh

; ---- said in both halves ----

; Refuses with a code and a text, and ends; nothing was changed.
!macro RefuseWith code text
  ${IfNot} ${Silent}
  ${AndIf} $Passive = 0
    MessageBox MB_ICONSTOP "${text}"
  ${EndIf}
  SetErrorLevel ${code}
  Quit
!macroend
!define Refuse "!insertmacro RefuseWith"

; Whether the program's file can be written: not while somebody has it open. Answers 1 or 0 on the stack.
!macro IsClosedFunction un
Function ${un}IsClosed
  Push $0
  ${If} ${FileExists} "$INSTDIR\${PROGRAM}"
    ClearErrors
    FileOpen $0 "$INSTDIR\${PROGRAM}" a
    ${If} ${Errors}
      StrCpy $0 0
    ${Else}
      FileClose $0
      StrCpy $0 1
    ${EndIf}
  ${Else}
    StrCpy $0 1
  ${EndIf}
  Exch $0
FunctionEnd

; Asks the program to close, as its own "Esci" does, and waits until it has: it saves what was typed first.
Function ${un}CloseProgram
  Push $0
  Push $1
  Call ${un}IsClosed
  Pop $0
  ${If} $0 = 1
    Goto closed
  ${EndIf}
  ${IfNot} ${Silent}
  ${AndIf} $Passive = 0
    MessageBox MB_OKCANCEL|MB_ICONINFORMATION "$(AskToClose)" IDOK ask
    SetErrorLevel 1
    Quit
  ${EndIf}
  ask:
  DetailPrint "$(Closing)"
  ExecWait '"$INSTDIR\${PROGRAM}" --quit'
  StrCpy $1 0
  ${Do}
    Call ${un}IsClosed
    Pop $0
    ${If} $0 = 1
      Goto closed
    ${EndIf}
    Sleep 200
    IntOp $1 $1 + 1
  ${LoopUntil} $1 >= 150
  ${If} ${Silent}
  ${OrIf} $Passive = 1
    ${Refuse} ${STILL_OPEN} "$(DoesNotClose)"
  ${EndIf}
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(DoesNotClose)" IDRETRY ask
  SetErrorLevel ${STILL_OPEN}
  Quit
  closed:
  Pop $1
  Pop $0
FunctionEnd

; Whether this runs with an administrator's rights: 1 or 0 on the stack.
Function ${un}IsAdministrator
  Push $0
  UserInfo::GetAccountType
  Pop $0
  ${If} $0 == "Admin"
    StrCpy $0 1
  ${Else}
    StrCpy $0 0
  ${EndIf}
  Exch $0
FunctionEnd
!macroend
!insertmacro IsClosedFunction ""
!insertmacro IsClosedFunction "un."

; ---- installing ----

Function .onInit
  StrCpy $Passive 0
  ; It is a program of 64 bits itself: another Windows does not even start it.
  ${IfNot} ${AtLeastWin10}
    ${Refuse} ${WRONG_WINDOWS} "$(Needs64)"
  ${EndIf}
  SetRegView 64
  Call ReadSwitches
  Call RefuseOtherKind
  Call UseKind
FunctionEnd

!macro Switch name variable
  ClearErrors
  ${GetOptions} $0 "${name}" $1
  ${IfNot} ${Errors}
    StrCpy ${variable} 1
  ${EndIf}
!macroend

Function ReadSwitches
  StrCpy $Restart 0
  StrCpy $NoShortcuts 0
  StrCpy $WantsDesktopIcon 0
  StrCpy $NoWebViewWanted 0
  StrCpy $Chosen 0
  StrCpy $ForEverybody 0
  ${GetParameters} $0
  ; The updater's own: what follows /ARGS is for the program that is started again.
  ClearErrors
  ${GetOptions} $0 "/ARGS" $RestartArguments
  !insertmacro Switch "/P" $Passive
  !insertmacro Switch "/R" $Restart
  !insertmacro Switch "/NS" $NoShortcuts
  !insertmacro Switch "/DESKTOP" $WantsDesktopIcon
  !insertmacro Switch "/NOWEBVIEW2" $NoWebViewWanted
  !insertmacro Switch "/ALLUSERS" $ForEverybody
  !insertmacro Switch "/CURRENTUSER" $Chosen
  ${If} $ForEverybody = 1
    StrCpy $Chosen 1
  ${EndIf}
FunctionEnd

; What is there decides for whom it is, where nobody said; what was said must not be the other kind of what is there.
Function RefuseOtherKind
  ReadRegStr $0 HKLM "${KEY}" "DisplayVersion"
  ReadRegStr $1 HKCU "${KEY}" "DisplayVersion"
  ; Of others that are signed in.
  StrCpy $2 $1
  StrCpy $3 0
  ${Do}
    EnumRegKey $4 HKU "" $3
    ${If} $4 == ""
    ${OrIf} $2 != ""
      ${ExitDo}
    ${EndIf}
    ReadRegStr $2 HKU "$4\${KEY}" "DisplayVersion"
    IntOp $3 $3 + 1
  ${Loop}
  ${If} $Chosen = 0
  ${AndIf} $0 != ""
    StrCpy $ForEverybody 1
    StrCpy $Chosen 1
  ${ElseIf} $Chosen = 0
  ${AndIf} $1 != ""
    StrCpy $Chosen 1
  ${EndIf}
  ${If} $ForEverybody = 0
  ${AndIf} $0 != ""
    ${Refuse} ${OTHER_KIND} "$(OtherKindMachine)"
  ${EndIf}
  ${If} $ForEverybody = 1
  ${AndIf} $2 != ""
    ${Refuse} ${OTHER_KIND} "$(OtherKindUser)"
  ${EndIf}
  ${If} $ForEverybody = 1
    StrCpy $Installed $0
  ${Else}
    StrCpy $Installed $1
  ${EndIf}
  ${If} $Installed != ""
    ${VersionCompare} $Installed "${VERSION}" $0
    ${If} $0 = 1
      ${Refuse} ${DOWNGRADE} "$(Newer)"
    ${EndIf}
  ${EndIf}
FunctionEnd

; Where it goes, and the rights that takes.
Function UseKind
  ${If} $ForEverybody = 1
    Call IsAdministrator
    Pop $0
    ${If} $0 = 0
      ${If} ${Silent}
      ${OrIf} $Passive = 1
        ${Refuse} ${NO_ADMINISTRATOR} "$(NeedsAdministrator)"
      ${EndIf}
      ; Windows asks for an administrator; the one that is started then goes on from here.
      ClearErrors
      ExecShell "runas" "$EXEPATH" "/ALLUSERS"
      ${If} ${Errors}
        ${Refuse} ${NO_ADMINISTRATOR} "$(NeedsAdministrator)"
      ${EndIf}
      Quit
    ${EndIf}
    SetShellVarContext all
    StrCpy $1 "$PROGRAMFILES64\${NAME}"
  ${Else}
    SetShellVarContext current
    StrCpy $1 "$LOCALAPPDATA\Programs\${NAME}"
  ${EndIf}
  ReadRegStr $0 SHCTX "${KEY}" "InstallLocation"
  ${If} $0 != ""
    StrCpy $INSTDIR $0
  ${ElseIf} $INSTDIR == ""
    StrCpy $INSTDIR $1
  ${EndIf}
FunctionEnd

Function SkipWhenPassive
  ${If} $Passive = 1
    Abort
  ${EndIf}
FunctionEnd

Var MeRadio
Var AllRadio
Var DesktopCheck

Function ForWhomPage
  ${If} $Passive = 1
    Abort
  ${EndIf}
  !insertmacro MUI_HEADER_TEXT "$(ForWhomTitle)" "$(ForWhomText)"
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateRadioButton} 0 0 100% 14u "$(ForMe)"
  Pop $MeRadio
  ${NSD_CreateRadioButton} 0 18u 100% 14u "$(ForAll)"
  Pop $AllRadio
  ${NSD_CreateCheckBox} 0 48u 100% 14u "$(DesktopIcon)"
  Pop $DesktopCheck
  ${If} $ForEverybody = 1
    ${NSD_Check} $AllRadio
  ${Else}
    ${NSD_Check} $MeRadio
  ${EndIf}
  ${If} $Chosen = 1
    EnableWindow $MeRadio 0
    EnableWindow $AllRadio 0
  ${EndIf}
  ${If} $WantsDesktopIcon = 1
  ${OrIf} ${FileExists} "$DESKTOP\${NAME}.lnk"
    ${NSD_Check} $DesktopCheck
  ${EndIf}
  nsDialogs::Show
FunctionEnd

Function ForWhomLeave
  ${NSD_GetState} $DesktopCheck $WantsDesktopIcon
  ${NSD_GetState} $AllRadio $0
  ${If} $Chosen = 0
    StrCpy $ForEverybody $0
    Call RefuseOtherKind
    StrCpy $INSTDIR ""
    Call UseKind
  ${EndIf}
FunctionEnd

Function Cancelled
  SetErrorLevel 1
FunctionEnd

Function OpenProgram
  Exec '"$INSTDIR\${PROGRAM}" $RestartArguments'
FunctionEnd

; Gives the link at $0 the application id: notices of a program without one on the Start menu are not shown.
Function NameLink
  Push $1
  Push $2
  Push $3
  !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r1 ""
  ${If} $1 P<> 0
    ${IUnknown::QueryInterface} $1 '("${IID_IPersistFile}",.r2)'
    ${If} $2 P<> 0
      ${IPersistFile::Load} $2 '(r0,${STGM_READWRITE})'
      ${IUnknown::QueryInterface} $1 '("${IID_IPropertyStore}",.r3)'
      ${If} $3 P<> 0
        System::Call 'oleaut32::SysAllocString(w "${IDENTIFIER}")p.r4'
        System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID})p.r5'
        System::Call '*${SYSSTRUCT_PROPVARIANT}(${VT_BSTR},,&i${NSIS_PTR_SIZE} r4)p.r6'
        ${IPropertyStore::SetValue} $3 '(r5,r6)'
        System::Call 'oleaut32::SysFreeString(p r4)'
        System::Free $5
        System::Free $6
        ${IPropertyStore::Commit} $3 ""
        ${IUnknown::Release} $3 ""
        ${IPersistFile::Save} $2 '(r0,1)'
      ${EndIf}
      ${IUnknown::Release} $2 ""
    ${EndIf}
    ${IUnknown::Release} $1 ""
  ${EndIf}
  Pop $3
  Pop $2
  Pop $1
FunctionEnd

; Whether WebView2 is there, for everybody or for this person: its version on the stack.
Function WebViewVersion
  Push $0
  ReadRegStr $0 HKLM "SOFTWARE\WOW6432Node\${WEBVIEW}" "pv"
  ${If} $0 == ""
    ReadRegStr $0 HKLM "SOFTWARE\${WEBVIEW}" "pv"
  ${EndIf}
  ${If} $0 == ""
    ReadRegStr $0 HKCU "Software\${WEBVIEW}" "pv"
  ${EndIf}
  ${If} $0 == "0.0.0.0"
    StrCpy $0 ""
  ${EndIf}
  Exch $0
FunctionEnd

Function HaveWebView
  Call WebViewVersion
  Pop $0
  ${If} $0 != ""
  ${OrIf} $NoWebViewWanted = 1
    Return
  ${EndIf}
  DetailPrint "$(FetchingWebView)"
  InitPluginsDir
  File "/oname=$PLUGINSDIR\webview2.ps1" "webview2.ps1"
  nsExec::Exec 'powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "$PLUGINSDIR\webview2.ps1"'
  Pop $0
  Call WebViewVersion
  Pop $0
  ${If} $0 == ""
    ${IfNot} ${Silent}
    ${AndIf} $Passive = 0
      MessageBox MB_ICONEXCLAMATION "$(NoWebView)"
    ${EndIf}
    SetErrorLevel ${NO_WEBVIEW}
  ${EndIf}
FunctionEnd

Section
  Call CloseProgram
  SetOutPath "$INSTDIR"
  File "${BIN}\${PROGRAM}"
  File "${BIN}\${LOADER}"
  WriteUninstaller "$INSTDIR\uninstall.exe"

  ${If} $NoShortcuts = 0
    CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\${PROGRAM}"
    StrCpy $0 "$SMPROGRAMS\${NAME}.lnk"
    Call NameLink
    ${If} $WantsDesktopIcon = 1
      CreateShortcut "$DESKTOP\${NAME}.lnk" "$INSTDIR\${PROGRAM}"
      StrCpy $0 "$DESKTOP\${NAME}.lnk"
      Call NameLink
    ${ElseIf} ${FileExists} "$DESKTOP\${NAME}.lnk"
    ${AndIfNot} ${Silent}
      Delete "$DESKTOP\${NAME}.lnk"
    ${EndIf}
  ${EndIf}

  ; Under which notices of this application id are shown.
  WriteRegStr SHCTX "${NOTICES_KEY}" "DisplayName" "${NAME}"
  WriteRegStr SHCTX "${NOTICES_KEY}" "IconUri" "$INSTDIR\${PROGRAM}"

  WriteRegStr SHCTX "${KEY}" "DisplayName" "${NAME}"
  WriteRegStr SHCTX "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${KEY}" "Publisher" "${NAME}"
  WriteRegStr SHCTX "${KEY}" "DisplayIcon" "$INSTDIR\${PROGRAM}"
  WriteRegStr SHCTX "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr SHCTX "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr SHCTX "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD SHCTX "${KEY}" "EstimatedSize" $0
  WriteRegDWORD SHCTX "${KEY}" "NoModify" 1
  WriteRegDWORD SHCTX "${KEY}" "NoRepair" 1

  Call HaveWebView
SectionEnd

Function .onInstSuccess
  ${If} $Restart = 1
    Call OpenProgram
  ${EndIf}
FunctionEnd

; ---- uninstalling ----

Function un.onInit
  StrCpy $Passive 0
  SetRegView 64
  ${GetParameters} $0
  StrCpy $DataToo 0
  !insertmacro Switch "/DATA" $DataToo
  ReadRegStr $0 HKLM "${KEY}" "InstallLocation"
  ${If} $0 != $INSTDIR
    SetShellVarContext current
    Return
  ${EndIf}
  SetShellVarContext all
  Call un.IsAdministrator
  Pop $0
  ${If} $0 = 0
    ${If} ${Silent}
      ${Refuse} ${NO_ADMINISTRATOR} "$(NeedsAdministrator)"
    ${EndIf}
    ClearErrors
    ExecShell "runas" "$INSTDIR\uninstall.exe"
    ${If} ${Errors}
      ${Refuse} ${NO_ADMINISTRATOR} "$(NeedsAdministrator)"
    ${EndIf}
    Quit
  ${EndIf}
FunctionEnd

Var DataCheck

Function un.DataPage
  !insertmacro MUI_HEADER_TEXT "$(DataTitle)" ""
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateLabel} 0 0 100% 28u "$(DataText)"
  Pop $0
  ${NSD_CreateCheckBox} 0 36u 100% 14u "$(DataToo)"
  Pop $DataCheck
  nsDialogs::Show
FunctionEnd

Function un.DataLeave
  ${NSD_GetState} $DataCheck $DataToo
FunctionEnd

Section Uninstall
  Call un.CloseProgram
  ${If} $DataToo = 1
    ; Before the program is gone: only it knows under which names the keyring keeps its keys.
    ExecWait '"$INSTDIR\${PROGRAM}" --forget-keys'
  ${EndIf}
  Delete "$SMPROGRAMS\${NAME}.lnk"
  Delete "$DESKTOP\${NAME}.lnk"
  ; A copy of the program may still be closing.
  SetOutPath "$TEMP"
  StrCpy $0 0
  ${Do}
    Delete "$INSTDIR\${PROGRAM}"
    Delete "$INSTDIR\${LOADER}"
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    ${IfNot} ${FileExists} "$INSTDIR\${PROGRAM}"
    ${AndIfNot} ${FileExists} "$INSTDIR\uninstall.exe"
      ${ExitDo}
    ${EndIf}
    Sleep 200
    IntOp $0 $0 + 1
  ${LoopUntil} $0 >= 50
  DeleteRegKey SHCTX "${KEY}"
  DeleteRegKey SHCTX "${NOTICES_KEY}"
  ; What the program wrote where it was to start with the computer.
  DeleteRegValue HKCU "${RUN_KEY}" "${NAME}"
  DeleteRegValue HKCU "${APPROVED_KEY}" "${NAME}"
  ${If} $DataToo = 1
    SetShellVarContext current
    RMDir /r "$LOCALAPPDATA\${IDENTIFIER}"
  ${EndIf}
SectionEnd
