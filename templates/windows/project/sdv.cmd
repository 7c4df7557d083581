@# Static Driver Verifier, driver by driver.
@set level solution
@set file sdv.cmd
@set newline crlf
@begin head
@@echo off
rem Static Driver Verifier, driver by driver; results\sdv\NUMBER.dvl.xml is what lockdrill imports. It gives one
rem verdict a rule and driver, so it wants drivers of one case each: gen with --pack 1. Wants a developer
rem command prompt with a WDK that still has it: 26017 and later have not.
setlocal
cd /d "%~dp0"
if not exist results\sdv mkdir results\sdv
for /d %%d in (?????????) do (
	pushd %%d
	msbuild driver.vcxproj /t:sdv /p:Inputs="/clean" /p:Configuration=Release /p:Platform=x64
	msbuild driver.vcxproj /t:sdv /p:Inputs="/check:rules.sdv" /p:Configuration=Release /p:Platform=x64
	if exist SDV\SDV.DVL.xml copy /y SDV\SDV.DVL.xml ..\results\sdv\%%d.dvl.xml
	popd
)
@end
