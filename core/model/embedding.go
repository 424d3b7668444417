package model

import "github.com/posttrain/posttrain/core/num"

// embedForward copies each token's row of table (V,C) into x (N,C).
func embedForward(x, table []float32, tokens []int32, dim int) {
	for i, tok := range tokens {
		copy(x[i*dim:(i+1)*dim], table[int(tok)*dim:])
	}
}

// embedBackward adds each row of dx (N,C) to its token's row of dtable (V,C).
func embedBackward(dtable, dx []float32, tokens []int32, dim int) {
	for i, tok := range tokens {
		num.Add(dtable[int(tok)*dim:(int(tok)+1)*dim], dx[i*dim:(i+1)*dim])
	}
}
