@# MSVC's code analysis of all drivers.
@set level solution
@set file msvc.cmd
@set newline crlf
@begin head
@@echo off
rem MSVC's code analysis of all drivers, its concurrency checks with it; a SARIF log a driver in results\msvc.
rem Wants a developer command prompt with a WDK.
setlocal
cd /d "%~dp0"
if not exist results\msvc mkdir results\msvc
set "Esp.Extensions=ConcurrencyCheck.dll"
msbuild lockdrill.sln /t:Rebuild /p:Configuration=Release /p:Platform=x64 /p:LockdrillAnalyze=true
if errorlevel 1 exit /b 1
@end
