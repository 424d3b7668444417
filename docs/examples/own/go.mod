module example.org/own

go 1.26.0

require github.com/posttrain/posttrain v0.0.0

require (
	github.com/gofrs/flock v0.13.2 // indirect
	github.com/philhofer/fwd v1.2.0 // indirect
	github.com/tinylib/msgp v1.6.5 // indirect
	golang.org/x/sys v0.49.0 // indirect
	gonum.org/v1/gonum v0.17.0 // indirect
)

// Posttrain is not published yet: this is a checkout of it.
replace github.com/posttrain/posttrain => ../../..
