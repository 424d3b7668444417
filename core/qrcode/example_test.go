package qrcode_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/qrcode"
)

func ExampleEncode() {
	code, err := qrcode.Encode("memorise")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(code.Size, "modules along a side; the first row:")
	for x := range code.Size {
		if code.Dark(x, 0) {
			fmt.Print("#")
		} else {
			fmt.Print(".")
		}
	}
	fmt.Println()
	// Output:
	// 21 modules along a side; the first row:
	// #######....#..#######
}
