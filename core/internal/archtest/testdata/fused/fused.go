// Package fused has sums of products that a compiler may fuse, and one that it may not.
package fused

func Add32(a, b, c float32) float32 { return a*b + c }

func Add64(a, b, c float64) float64 { return a*b + c }

func Sub32(a, b, c float32) float32 { return a*b - c }

func SubFrom64(a, b, c float64) float64 { return c - a*b }

func Apart32(a, b, c float32) float32 { return float32(a*b) + c }

func Apart64(a, b, c float64) float64 { return float64(a*b) + c }
