package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/teixit/teixit/internal/kernel/fault"
)

// S3 keeps files in object storage.
type S3 struct {
	client *minio.Client
	bucket string
}

func newS3(u *url.URL) (*S3, error) {
	bucket := strings.Trim(u.Path, "/")
	secret, ok := u.User.Password()
	if !ok || u.Host == "" || bucket == "" {
		return nil, errors.New("blob: the setting has to be s3://key:secret@host/bucket")
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds:  credentials.NewStaticV4(u.User.Username(), secret, ""),
		Secure: u.Query().Get("tls") != "off", Region: u.Query().Get("region"),
	})
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	return &S3{client, bucket}, nil
}

// Put implements Store.
func (s *S3) Put(ctx context.Context, name string, r io.Reader, size int64) error {
	if err := checkName(name); err != nil {
		return err
	}
	one := &counted{r: io.LimitReader(r, size)}
	_, err := s.client.PutObject(ctx, s.bucket, name, one, size, minio.PutObjectOptions{ContentType: "application/octet-stream"})
	if err == nil {
		var more [1]byte
		if n, _ := io.ReadFull(r, more[:]); n > 0 || one.n != size {
			err = errors.Join(short(name, one.n+int64(n), size), s.Delete(ctx, name))
		}
	}
	if err != nil {
		return fmt.Errorf("blob: write %s: %w", name, err)
	}
	return nil
}

// counted counts what is read.
type counted struct {
	r io.Reader
	n int64
}

// Read implements io.Reader.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// Open implements Store.
func (s *S3) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	object, err := s.client.GetObject(ctx, s.bucket, name, minio.GetObjectOptions{})
	if err == nil {
		_, err = object.Stat() // the request goes out only now
	}
	if minio.ToErrorResponse(err).Code == "NoSuchKey" {
		return nil, fault.ErrNotFound.New()
	}
	if err != nil {
		return nil, fmt.Errorf("blob: open %s: %w", name, err)
	}
	return object, nil
}

// Delete implements Store.
func (s *S3) Delete(ctx context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	if err := s.client.RemoveObject(ctx, s.bucket, name, minio.RemoveObjectOptions{}); err != nil {
		return fmt.Errorf("blob: delete %s: %w", name, err)
	}
	return nil
}
