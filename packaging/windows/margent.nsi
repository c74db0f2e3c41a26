; Installs the folder that margent.spec made on Windows, for one user and without an administrator.
;
;     makensis -NOCD -WX -DVERSION=0.0.0 -DPAYLOAD=dist\margent -DOUTPUT=dist\margent-0.0.0-windows-setup.exe packaging\windows\margent.nsi
;
; The library stands in %LOCALAPPDATA%\margent. Neither installing nor removing goes near it: the program has a fixed
; place of its own, and of that only what was put there is removed.

!ifndef VERSION | PAYLOAD | OUTPUT
  !error "give -DVERSION=, -DPAYLOAD= and -DOUTPUT="
!endif

Unicode true
!include "MUI2.nsh"
!include "FileFunc.nsh"

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\org.margent.margent"
!define CLASSES "Software\Classes"

Name "Margent"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\Margent"
RequestExecutionLevel user
SetCompressor /SOLID lzma
ManifestDPIAware true
BrandingText "Margent ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "Margent"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Margent setup"
VIAddVersionKey "LegalCopyright" "Apache License 2.0"

!define MUI_ICON "${__FILEDIR__}\..\icons\margent.ico"
!define MUI_UNICON "${__FILEDIR__}\..\icons\margent.ico"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\margent.exe"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_LICENSE "${__FILEDIR__}\..\..\LICENSE"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; A running program holds its files: asking first is better than half an update.
!macro StopWhileRunning un
Function ${un}StopWhileRunning
  again:
  IfFileExists "$INSTDIR\margent.exe" 0 free
  ClearErrors
  FileOpen $0 "$INSTDIR\margent.exe" a
  IfErrors 0 close
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "Margent is open. Close it, then choose Retry." /SD IDCANCEL IDRETRY again
  SetErrorLevel 2
  Quit
  close:
  FileClose $0
  free:
FunctionEnd
!macroend
!insertmacro StopWhileRunning ""
!insertmacro StopWhileRunning "un."

!macro RemoveProgram
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\margent.exe"
  Delete "$INSTDIR\margent-cli.exe"
!macroend

; The kinds of file that Margent reads: WHAT is done for each.
!macro EachSuffix WHAT
  !insertmacro ${WHAT} ".md"
  !insertmacro ${WHAT} ".markdown"
  !insertmacro ${WHAT} ".mdown"
  !insertmacro ${WHAT} ".mkd"
  !insertmacro ${WHAT} ".qmd"
  !insertmacro ${WHAT} ".rmd"
  !insertmacro ${WHAT} ".txt"
  !insertmacro ${WHAT} ".html"
  !insertmacro ${WHAT} ".htm"
  !insertmacro ${WHAT} ".xhtml"
  !insertmacro ${WHAT} ".xht"
  !insertmacro ${WHAT} ".mhtml"
  !insertmacro ${WHAT} ".mht"
  !insertmacro ${WHAT} ".eml"
  !insertmacro ${WHAT} ".epub"
  !insertmacro ${WHAT} ".docx"
  !insertmacro ${WHAT} ".docm"
  !insertmacro ${WHAT} ".dotx"
  !insertmacro ${WHAT} ".pdf"
!macroend
!macro Offer SUFFIX
  WriteRegStr HKCU "${CLASSES}\${SUFFIX}\OpenWithProgids" "margent.document" ""
!macroend
!macro Withdraw SUFFIX
  DeleteRegValue HKCU "${CLASSES}\${SUFFIX}\OpenWithProgids" "margent.document"
!macroend

Section "Margent" Program
  SectionIn RO
  Call StopWhileRunning
  !insertmacro RemoveProgram
  SetOutPath "$INSTDIR"
  File /r "${PAYLOAD}\*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Margent.lnk" "$INSTDIR\margent.exe"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Margent"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\margent.exe"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  IntFmt $0 "0x%08X" $0
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" "$0"
SectionEnd

; Its own kind of file, which no other program reads.
Section "-Exchange files" Exchange
  WriteRegStr HKCU "${CLASSES}\margent.exchange" "" "Annotated document"
  WriteRegStr HKCU "${CLASSES}\margent.exchange" "FriendlyTypeName" "Annotated document"
  WriteRegStr HKCU "${CLASSES}\margent.exchange\DefaultIcon" "" "$INSTDIR\margent.exe,0"
  WriteRegStr HKCU "${CLASSES}\margent.exchange\shell\open\command" "" '"$INSTDIR\margent.exe" "%1"'
  WriteRegStr HKCU "${CLASSES}\.margent" "" "margent.exchange"
  WriteRegStr HKCU "${CLASSES}\.margent" "Content Type" "application/x-margent+zip"
  ${RefreshShellIcons}
SectionEnd

; Offers Margent under "Open with"; what opens these files by default stays as it is.
Section "Offer to open documents with Margent" OpenWith
  WriteRegStr HKCU "${CLASSES}\margent.document" "" "Text to read and annotate"
  WriteRegStr HKCU "${CLASSES}\margent.document" "FriendlyTypeName" "Text to read and annotate"
  WriteRegStr HKCU "${CLASSES}\margent.document\DefaultIcon" "" "$INSTDIR\margent.exe,0"
  WriteRegStr HKCU "${CLASSES}\margent.document\shell\open\command" "" '"$INSTDIR\margent.exe" "%1"'
  !insertmacro EachSuffix Offer
  ${RefreshShellIcons}
SectionEnd

Section "Uninstall"
  Call un.StopWhileRunning
  !insertmacro RemoveProgram
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Margent.lnk"
  !insertmacro EachSuffix Withdraw
  ReadRegStr $0 HKCU "${CLASSES}\.margent" ""
  StrCmp $0 "margent.exchange" 0 +2
  DeleteRegKey HKCU "${CLASSES}\.margent"
  DeleteRegKey HKCU "${CLASSES}\margent.exchange"
  DeleteRegKey HKCU "${CLASSES}\margent.document"
  DeleteRegKey HKCU "${UNINSTALL}"
  ${un.RefreshShellIcons}
SectionEnd
