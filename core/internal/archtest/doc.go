// Package archtest has only tests: they hold the tree to the rules that make it easy to read and
// its results equal everywhere. What each enforces, and where to change it on purpose:
//
//	imports_test.go    arrows point downwards through the levels of the package table; each package under core is in it;
//	                   methods and tasks see no model and no tensor; core has no browser, network, clock or environment
//	math_test.go       of package math, only what is exact on every platform
//	maps_test.go       no map is iterated on the training path
//	globals_test.go    no exported variable is a slice, a map or a pointer
//	fused_test.go      the compiler fuses no multiply-add on the training path, for arm64 and GOAMD64=v3
//	width_test.go      lines of Go files are at most 100 columns wide
//	structure_test.go  package names, nothing skipped, left for later or tied to one machine
//	docs_test.go       every exported name has a comment, every package an example; lists name packages that exist
//	generate_test.go   generated files are what their generators write
//
// Each rule is a function from source to complaints, and is itself tested on source that breaks it:
// beside the rule, and under testdata where a compiler has to see it.
package archtest
