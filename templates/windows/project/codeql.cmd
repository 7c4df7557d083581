@# Microsoft's driver queries over all drivers.
@set level solution
@set file codeql.cmd
@set newline crlf
@begin head
@@echo off
rem CodeQL over all drivers, with Microsoft's driver queries; results\codeql.sarif is what lockdrill imports.
rem Wants codeql on PATH and a developer command prompt with a WDK. Arguments are further queries: a pack, a
rem suite or a directory.
setlocal
cd /d "%~dp0"
if not exist results mkdir results
codeql database create results\codeql-database --overwrite --language=cpp --source-root=. --command="msbuild lockdrill.sln /t:Rebuild /p:Configuration=Release /p:Platform=x64"
if errorlevel 1 exit /b 1
codeql database analyze results\codeql-database microsoft/windows-drivers:windows-driver-suites/recommended.qls %* --download --rerun --format=sarifv2.1.0 --output=results\codeql.sarif
if errorlevel 1 exit /b 1
@end
