//go:build browser

package browsertest

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"slices"
)

// maxColors is how many colors a PNG with a palette can have.
const maxColors = 256

// shrink reduces a PNG to its most frequent colors, of each few that are alike. Pages have few colors, and many more in the edges
// of letters.
func shrink(picture []byte) ([]byte, error) {
	decoded, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, err
	}
	bounds := decoded.Bounds()
	count := map[color.Color]int{}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[decoded.At(x, y)]++
		}
	}
	alike := map[uint64]color.Color{}
	for c := range count {
		const most = 0xf800_f800_f800_f800 // 5 of 8 bits
		if found := alike[number(c)&most]; found == nil || byFrequency(count)(c, found) < 0 {
			alike[number(c)&most] = c
		}
	}
	colors := slices.SortedFunc(maps.Values(alike), byFrequency(count))
	reduced := image.NewPaletted(bounds, colors[:min(len(colors), maxColors)])
	draw.Draw(reduced, bounds, decoded, bounds.Min, draw.Src)
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err = encoder.Encode(&out, reduced)
	return out.Bytes(), err
}

// byFrequency compares colors: the most frequent ones are first.
func byFrequency(count map[color.Color]int) func(a, b color.Color) int {
	return func(a, b color.Color) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(number(a), number(b)))
	}
}

// number is a color as a number, to sort by.
func number(c color.Color) uint64 {
	r, g, b, a := c.RGBA()
	return uint64(r)<<48 | uint64(g)<<32 | uint64(b)<<16 | uint64(a)
}
