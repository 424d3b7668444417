package safetensors_test

import (
	"errors"
	"fmt"

	"github.com/posttrain/posttrain/core/safetensors"
)

// A tensor is written and read again. A file that has lost its end is refused.
func ExampleDecode() {
	file := safetensors.Encode([]safetensors.Values{
		{Name: "norm.weight", Shape: []int{3}, Data: []float32{1, 0.5, 2}},
	}, [2]string{"format", "pt"})
	tensors, err := safetensors.Decode(file)
	if err != nil {
		fmt.Println(err)
		return
	}
	numbers := make([]float32, tensors[0].Len())
	if err := tensors[0].Read(numbers); err != nil {
		fmt.Println(err)
	}
	fmt.Println(tensors[0].Name, tensors[0].DType, tensors[0].Shape, numbers)

	_, err = safetensors.Decode(file[:20])
	fmt.Println(errors.Is(err, safetensors.ErrFormat))
	fmt.Println(err)
	// Output:
	// norm.weight F32 [3] [1 0.5 2]
	// true
	// not a usable safetensors file: its header is said to have 96 bytes, and 12 follow
}
