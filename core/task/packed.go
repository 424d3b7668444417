package task

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
)

// What a data set may be that travels in a link, packed and unpacked, in bytes.
const (
	mostPacked   = 4 << 10
	mostUnpacked = 32 << 10
)

// packing is how the bytes of packed rows are written in a link.
var packing = base64.RawURLEncoding.Strict()

// Packed returns the rows as text for a link, which [Task.Unpack] reads; "" when that would be too long.
func (d *Data) Packed() string {
	var rows strings.Builder
	for _, p := range d.problems {
		fmt.Fprintf(&rows, "%s,%s\n", p.Prompt, d.answers[p.Prompt])
	}
	if rows.Len() > mostUnpacked {
		return ""
	}
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err == nil {
		_, err = io.WriteString(w, rows.String())
	}
	if err != nil || w.Close() != nil || packing.EncodedLen(out.Len()) > mostPacked {
		return ""
	}
	return packing.EncodeToString(out.Bytes())
}

// Unpack reads rows that [Data.Packed] has written. Errors call them name.
func (t Task) Unpack(name, text string) (*Data, error) {
	if len(text) > mostPacked {
		return nil, fmt.Errorf("%s has %d characters: at most %d are read", name, len(text), mostPacked)
	}
	packed, err := packing.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read, so a part of the link is missing or was changed: want it as it was copied", name)
	}
	rows, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), mostUnpacked+1))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be unpacked, so a part of the link is missing or was changed: want it as it was copied", name)
	}
	if len(rows) > mostUnpacked {
		return nil, fmt.Errorf("%s has more than %d bytes when unpacked: want at most so many", name, mostUnpacked)
	}
	return t.ReadData(name, "prompt,answer\n"+string(rows))
}
