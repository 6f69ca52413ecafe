package store

import (
	"embed"
	"io"
	"io/fs"
	"path"
	"strings"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrationFiles are the SQL files of the migrations, converted for a database.
type migrationFiles struct {
	convert func(statements string) string
}

// Open implements [fs.FS].
func (m migrationFiles) Open(name string) (fs.File, error) {
	file, err := migrations.Open(path.Join("migrations", name))
	if err != nil {
		return nil, err
	}
	if info, err := file.Stat(); err != nil || info.IsDir() {
		return file, err
	}
	statements, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	return convertedFile{file, strings.NewReader(m.convert(string(statements)))}, nil
}

// convertedFile is a file with other content.
type convertedFile struct {
	fs.File

	content io.Reader
}

func (c convertedFile) Read(b []byte) (int, error) { return c.content.Read(b) }
