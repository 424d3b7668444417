package num

// AttendStep is the attention of one new token of a sequence to itself and the tokens before it,
// for every head. It rotates the token's query and key in place ([RoPE]), caches the key and the
// value at position t, and writes to out, for each head, the values weighted by the softmax of
// scale times the products of the query with the keys of positions 0 to t.
//
// q, k, v and out are (heads*hd). cos and sin are those of position t, (hd/2). keys holds for each
// head a packed (hd,context) operand, PackedLen(hd, context) long, and values a packed (context,hd)
// one, PackedLen(context, hd) long; t is less than context. scores is scratch, (context).
func AttendStep(out, q, k, v, keys, values, scores, cos, sin []float32, heads, hd, context, t int,
	scale float32) {
	if hd <= 0 || hd%2 != 0 || heads <= 0 || t < 0 || t >= context {
		panic("num: AttendStep needs heads of even size and a position in the context")
	}
	for _, x := range [...][]float32{out, q, k, v} {
		needVec(len(x), heads*hd)
	}
	needVec(len(keys), heads*PackedLen(hd, context))
	needVec(len(values), heads*PackedLen(context, hd))
	needVec(len(scores), context)
	needVec(min(len(cos), len(sin)), hd/2)
	if attendIsKernel && useSIMD {
		attendStepSIMD(&out[0], &q[0], &k[0], &v[0], &keys[0], &values[0], &scores[0], &cos[0],
			&sin[0], heads, hd, context, t, scale)
		return
	}
	attendStepGo(out, q, k, v, keys, values, scores, cos, sin, heads, hd, context, t, scale)
}

func attendStepGo(out, q, k, v, keys, values, scores, cos, sin []float32, heads, hd, context,
	t int, scale float32) {
	RoPE(q, heads*hd, 1, heads, hd, cos, sin, false)
	RoPE(k, heads*hd, 1, heads, hd, cos, sin, false)
	keyLen, valueLen := PackedLen(hd, context), PackedLen(context, hd)
	for h := range heads {
		at := h * hd
		headKeys := Packed{Data: keys[h*keyLen:][:keyLen], Stride: hd * Panel}
		headValues := Packed{Data: values[h*valueLen:][:valueLen], Stride: context * Panel}
		column := headKeys.Data[t/Panel*headKeys.Stride+t%Panel:]
		for j, key := range k[at : at+hd] {
			column[j*Panel] = key
			headValues.Data[j/Panel*headValues.Stride+t*Panel+j%Panel] = v[at+j]
		}
		MatMul(scores, context, q[at:], hd, headKeys, 1, t+1, hd, false)
		SoftmaxCausal(scores, context, 1, t+1, t+1, scale)
		MatMul(out[at:], hd, scores, context, headValues, 1, hd, t+1, false)
	}
}
