# Fetches Microsoft's bootstrapper of WebView2 and runs it: only where it is signed by Microsoft. Ends with 0 where WebView2 is
# there afterwards as far as the bootstrapper says.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
try {
    [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
    $bootstrapper = Join-Path $PSScriptRoot 'MicrosoftEdgeWebview2Setup.exe'
    Invoke-WebRequest -UseBasicParsing -Uri 'https://go.microsoft.com/fwlink/p/?LinkId=2124703' -OutFile $bootstrapper
    $signature = Get-AuthenticodeSignature -FilePath $bootstrapper
    if ($signature.Status -ne 'Valid' -or $signature.SignerCertificate.Subject -notmatch '(^|, )O=Microsoft Corporation(,|$)') {
        exit 2
    }
    exit (Start-Process -FilePath $bootstrapper -ArgumentList '/silent', '/install' -Wait -PassThru).ExitCode
} catch {
    exit 1
}
