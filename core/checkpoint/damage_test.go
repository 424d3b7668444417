package checkpoint

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/tinylib/msgp/msgp"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/train"
)

// small returns one small file of each kind, by kind.
func small(t testing.TB) map[string][]byte {
	return map[string][]byte{
		"base":  must(t)(EncodeBase("cards", pattern(tiny))),
		"model": must(t)(EncodeModel("cards", pattern(tiny))),
		"lane":  must(t)(EncodeLane(patternLane())),
	}
}

func TestEveryTruncationIsRefused(t *testing.T) {
	for name, file := range small(t) {
		for n := range len(file) {
			refuse(t, fmt.Sprintf("%s cut to %d bytes", name, n), file[:n])
		}
	}
}

func TestEveryFlippedBitIsRefused(t *testing.T) {
	for name, file := range small(t) {
		for bit := range 8 * len(file) {
			flipped := bytes.Clone(file)
			flipped[bit/8] ^= 1 << (bit % 8)
			refuse(t, fmt.Sprintf("%s with bit %d flipped", name, bit), flipped)
		}
	}
}

func TestAnythingAppendedIsRefused(t *testing.T) {
	for name, file := range small(t) {
		refuse(t, name+" with a byte appended", append(bytes.Clone(file), 0))
		refuse(t, name+" twice", append(bytes.Clone(file), file...))
	}
}

// hostile returns payloads that only an attacker would write.
func hostile(t testing.TB) map[string]struct {
	kind kind
	body []byte
} {
	all := map[string]struct {
		kind kind
		body []byte
	}{}
	add := func(name string, k kind, payload []byte) {
		all[name] = struct {
			kind kind
			body []byte
		}{k, payload}
	}
	asModel := func(name string, change func(m *modelPayload)) {
		m := modelPayload{Engine: train.Engine, Task: "cards", Config: tiny,
			Data: train.PackFloats(pattern(tiny).Data)}
		change(&m)
		add(name, modelKind, must(t)(m.MarshalMsg(nil)))
	}
	asLane := func(name string, change func(l *lanePayload)) {
		p := patternLane()
		l := lanePayload{Engine: p.Engine, Link: p.Link, Task: p.Task, Lane: p.Lane,
			State: *p.State}
		change(&l)
		add(name, laneKind, must(t)(l.MarshalMsg(nil)))
	}
	for name, c := range hostileShapes() {
		asModel("model with "+name, func(m *modelPayload) { m.Config = c })
		asModel("base with "+name, func(m *modelPayload) { m.Config, m.BF16 = c, true })
		asLane("lane with "+name, func(l *lanePayload) { l.State.Config = c })
	}
	for name, engine := range map[string]int{"engine 0": 0, "engine -1": -1} {
		asModel("model of "+name, func(m *modelPayload) { m.Engine = engine })
		asLane("lane of "+name, func(l *lanePayload) { l.Engine = engine })
	}
	asLane("lane number -1", func(l *lanePayload) { l.Lane = -1 })
	asModel("model short of a byte", func(m *modelPayload) { m.Data = m.Data[1:] })
	asModel("model with a weight too many",
		func(m *modelPayload) { m.Data = append(m.Data, 0, 0, 0, 0) })
	asModel("model without weights", func(m *modelPayload) { m.Data = nil })
	asModel("base with four bytes a weight", func(m *modelPayload) { m.BF16 = true })
	for name, part := range map[string]func(s *train.State) *train.Floats{
		"weights": func(s *train.State) *train.Floats { return &s.Weights },
		"start":   func(s *train.State) *train.Floats { return &s.Start },
		"m":       func(s *train.State) *train.Floats { return &s.M },
		"v":       func(s *train.State) *train.Floats { return &s.V },
	} {
		asLane("lane with too few "+name,
			func(l *lanePayload) { *part(&l.State) = (*part(&l.State))[4:] })
		asLane("lane without "+name, func(l *lanePayload) { *part(&l.State) = nil })
	}
	n := 4 * tiny.Scalar().Weights()
	for name, sizes := range map[string][3]int{"without weights": {0, n, n},
		"with a policy's weights": {4 * tiny.Weights(), n, n}, "short of a moment": {n, n - 4,
			n}, "short of a byte": {n, n, n - 1}} {
		asLane("lane with a critic "+name, func(l *lanePayload) {
			l.State.Critic = &train.Learner{Weights: make(train.Floats, sizes[0]),
				M: make(train.Floats, sizes[1]), V: make(train.Floats, sizes[2])}
		})
	}
	for _, k := range []kind{modelKind, laneKind} {
		for name, payload := range brokenBodies() {
			add(fmt.Sprintf("%s of kind %c", name, k), k, payload)
		}
	}
	good := modelPayload{Engine: train.Engine, Config: tiny,
		Data: train.PackFloats(pattern(tiny).Data)}
	payload := must(t)(good.MarshalMsg(nil))
	add("bytes left over", modelKind, append(bytes.Clone(payload), 0xc0))
	for _, k := range []kind{0, 'M', 'x', 0xff} {
		add(fmt.Sprintf("kind %q", byte(k)), k, payload)
	}
	return all
}

func hostileShapes() map[string]model.Config {
	shapes := map[string]model.Config{
		"nothing": {},
		"too many weights": {Vocab: 1 << 16, Dim: 4096, Layers: 128, Heads: 2, Hidden: 4096,
			Context: 8},
		// accepted, but the weights are not there
		"as many as there be": {Vocab: 1, Dim: 1024, Layers: 16, Heads: 1, Hidden: 4000,
			Context: 8},
		"odd heads":        {Vocab: 2, Dim: 6, Layers: 1, Heads: 2, Hidden: 1, Context: 3},
		"heads that share": {Vocab: 2, Dim: 4, Layers: 1, Heads: 3, Hidden: 1, Context: 3},
	}
	for _, value := range []int{0, -1, -1 << 63, 1<<63 - 1, 1 << 32, 1 << 20} {
		for i := range 6 {
			c := tiny
			*[]*int{&c.Vocab, &c.Dim, &c.Layers, &c.Heads, &c.Hidden, &c.Context}[i] = value
			shapes[fmt.Sprintf("field %d at %d", i, value)] = c
		}
	}
	return shapes
}

// brokenBodies returns bodies that are not a map with the right fields.
func brokenBodies() map[string][]byte {
	key := func(name string, value ...byte) []byte {
		return append(msgp.AppendString(msgp.AppendMapHeader(nil, 1), name), value...)
	}
	state := func(value ...byte) []byte { return key("state", value...) }
	return map[string][]byte{
		"nothing":              {},
		"nil":                  {0xc0},
		"a number":             {7},
		"an empty map":         {0x80},
		"an empty array":       {0x90},
		"a reserved byte":      {0xc1},
		"a map of 2^32-1":      {0xdf, 0xff, 0xff, 0xff, 0xff},
		"an array of 2^32-1":   {0xdd, 0xff, 0xff, 0xff, 0xff},
		"2^32-1 bytes of data": key("data", 0xc6, 0xff, 0xff, 0xff, 0xff),
		"2^32-1 letters":       key("task", 0xdb, 0xff, 0xff, 0xff, 0xff),
		"2^32-1 metrics":       state(key("latest", 0xdd, 0xff, 0xff, 0xff, 0xff)...),
		"2^31 metrics":         state(key("latest", 0xdd, 0x80, 0, 0, 0)...),
		"2^32-1 weights":       state(key("weights", 0xc6, 0xff, 0xff, 0xff, 0xff)...),
		"engine as text":       key("engine", 0xa1, 'x'),
		"engine beyond int":    key("engine", 0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
		"config as a list":     key("config", 0x91, 1),
		"a key that is no key": {0x81, 0x01, 0x01},
		"a text cut short":     key("task", 0xa9, 'x'),
		"deep nesting":         key("other", append(bytes.Repeat([]byte{0x91}, 300_000), 0xc0)...),
		"nothing but a field":  key("engine", 1),
	}
}

func TestHostileContentIsRefusedCheaply(t *testing.T) {
	for name, h := range hostile(t) {
		file := sealed(t, h.kind, h.body)
		// The content itself, once copied, and a little besides.
		limit := uint64(4*len(file) + 1<<16)
		if n := allocated(func() { refuse(t, name, file) }); n > limit {
			t.Errorf("%s: refusing %d bytes took %d bytes of memory, at most %d", name, len(file),
				n, limit)
		}
	}
}

// A field that this version does not know is left alone.
func TestUnknownFieldsAreSkipped(t *testing.T) {
	m := modelPayload{Engine: train.Engine, Config: tiny,
		Data: train.PackFloats(pattern(tiny).Data)}
	payload := must(t)(m.MarshalMsg(nil))
	payload[0]++ // a map of one more
	payload = append(payload, must(t)(body(append(msgp.AppendString(nil, "later"), 0x92, 1, 0xa1,
		'x')).MarshalMsg(nil))...)
	checkModel(t, sealed(t, modelKind, payload), Model{Engine: train.Engine, Params: pattern(tiny)})
}

// FuzzDecode reads any bytes as a file, and as the content of a file whose
// checksum is right.
func FuzzDecode(f *testing.F) {
	for _, file := range small(f) {
		f.Add(file)
		_, payload, err := open(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(payload)
		f.Add(payload[:len(payload)/2])
	}
	for _, h := range hostile(f) {
		if len(h.body) < 1000 {
			f.Add(h.body)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, file := range [][]byte{data, sealed(t, modelKind, data), sealed(t, laneKind, data)} {
			if l, err := DecodeLane(file); err != nil {
				refused(t, "a lane", err)
			} else if again, err := DecodeLane(must(t)(EncodeLane(*l))); err != nil ||
				again.State.Config != l.State.Config || !bytes.Equal(again.State.V, l.State.V) {
				t.Errorf("a lane that was accepted does not come back: %v", err)
			}
			m, err := DecodeModel(file)
			sameRead(t, file, m, err)
			if err != nil {
				refused(t, "a model", err)
			} else if again, err := DecodeModel(must(t)(EncodeModel(m.Task,
				m.Params))); err != nil || again.Params.Digest() != m.Params.Digest() {
				t.Errorf("a model that was accepted does not come back: %v", err)
			}
		}
	})
}
