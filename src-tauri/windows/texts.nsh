; What the installer says: Italian, then English.

!macro Text name italian english
  LangString ${name} ${LANG_ITALIAN} "${italian}"
  LangString ${name} ${LANG_ENGLISH} "${english}"
!macroend

!insertmacro Text Needs64 \
  "${NAME} ha bisogno di Windows 10 o 11 a 64 bit. Non è stato installato nulla." \
  "${NAME} needs Windows 10 or 11, 64-bit. Nothing was installed."
!insertmacro Text OtherKindMachine \
  "${NAME} è già installato su questo computer per tutti. Chi lo amministra può aggiornarlo, oppure toglierlo da App installate: poi si può installare solo per te. Non è stato cambiato nulla." \
  "${NAME} is already installed on this computer for everybody. Its administrator can update it, or remove it in Installed apps: then it can be installed for you alone. Nothing was changed."
!insertmacro Text OtherKindUser \
  "${NAME} è già installato su questo computer per una persona sola. Va tolto da App installate, con il suo accesso: i dati restano. Poi si può installare per tutti. Non è stato cambiato nulla." \
  "${NAME} is already installed on this computer for one person alone. Remove it in Installed apps, signed in as that person: the data stay. Then it can be installed for everybody. Nothing was changed."
!insertmacro Text Newer \
  "Su questo computer c’è già ${NAME} $Installed, più recente della ${VERSION} di questo programma di installazione. I dati scritti da una versione più recente non si possono aprire con una più vecchia. Non è stato cambiato nulla." \
  "${NAME} $Installed is on this computer already, newer than the ${VERSION} of this installer. What a newer version wrote can't be opened by an older one. Nothing was changed."
!insertmacro Text NeedsAdministrator \
  "Per installare o togliere ${NAME} per tutti serve un amministratore di questo computer. Non è stato cambiato nulla." \
  "To install or remove ${NAME} for everybody an administrator of this computer is needed. Nothing was changed."
!insertmacro Text AskToClose \
  "${NAME} è aperto. Per continuare deve chiudersi: quello che hai scritto resta salvato." \
  "${NAME} is open. To go on it has to close: what you have written is kept."
!insertmacro Text DoesNotClose \
  "${NAME} è ancora aperto, forse da un’altra persona su questo computer. Chiudilo e riprova." \
  "${NAME} is still open, perhaps by somebody else on this computer. Close it and try again."
!insertmacro Text Closing \
  "Chiusura di ${NAME}…" \
  "Closing ${NAME}…"
!insertmacro Text FetchingWebView \
  "Manca Microsoft Edge WebView2: lo si prende da Microsoft…" \
  "Microsoft Edge WebView2 is missing: fetching it from Microsoft…"
!insertmacro Text NoWebView \
  "${NAME} è installato, ma manca Microsoft Edge WebView2 e non è stato possibile prenderlo da Microsoft. Senza, la finestra non si apre. Installalo da https://developer.microsoft.com/microsoft-edge/webview2 (programma di installazione autonomo), o chiedilo a chi amministra il computer." \
  "${NAME} is installed, but Microsoft Edge WebView2 is missing and could not be fetched from Microsoft. Without it the window does not open. Install it from https://developer.microsoft.com/microsoft-edge/webview2 (standalone installer), or ask the administrator of this computer."
!insertmacro Text ForWhomTitle "Per chi" "For whom"
!insertmacro Text ForWhomText \
  "Scegli per chi installare ${NAME} su questo computer." \
  "Choose for whom ${NAME} is installed on this computer."
!insertmacro Text ForMe "Solo per &me (non serve un amministratore)" "For &me alone (no administrator needed)"
!insertmacro Text ForAll "Per &tutti su questo computer (serve un amministratore)" "For &everybody on this computer (an administrator is needed)"
!insertmacro Text DesktopIcon "Metti un’icona sul &desktop" "Put an icon on the &desktop"
!insertmacro Text DataTitle "I dati dello studio" "The studio’s data"
!insertmacro Text DataText \
  "Bozze, note private e allegati su questo computer restano dove sono, per quando ${NAME} sarà installato di nuovo." \
  "Drafts, private notes and attachments on this computer stay where they are, for when ${NAME} is installed again."
!insertmacro Text DataToo \
  "&Cancella anche i dati dello studio su questo computer. Non si possono riavere." \
  "&Delete the studio’s data on this computer too. They can’t be had back."
!insertmacro Text RunNow "Apri ${NAME}" "Open ${NAME}"
