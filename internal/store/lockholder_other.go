//go:build !linux

package store

// lockHolder is empty: only Linux says who holds a lock without opening the file, see [OpenSQLite].
func lockHolder(string) string { return "" }
