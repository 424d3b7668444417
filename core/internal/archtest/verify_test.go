//go:build verify

package archtest

import "testing"

// Another platform that has the instruction. Its compiler does not fuse differences so far.
func TestVerifyNothingIsFusedForNewerProcessors(t *testing.T) {
	const platform = "GOARCH=amd64 GOAMD64=v3"
	nothingIsFused(t, platform)
	fusedRuleBites(t, platform, "4: Add32", "6: Add64")
}
