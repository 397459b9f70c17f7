package io.jenkins.plugins.gitops.core.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Receives a body of limited length, decoded if necessary, and closes the connection when the limit is exceeded: the
 * result is then a {@link BodyTooLargeException}.
 */
public final class BoundedBodySubscriber implements HttpResponse.BodySubscriber<byte[]> {
    private final int limit;

    @CheckForNull
    private final GzipDecoder gzip;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final AtomicReference<Flow.Subscription> subscription = new AtomicReference<>();

    /**
     * @param limit in bytes, after decoding
     * @param gzip whether the body is gzip-encoded
     */
    public BoundedBodySubscriber(int limit, boolean gzip) {
        this.limit = limit;
        this.gzip = gzip ? new GzipDecoder() : null;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription toBody) {
        subscription.set(toBody);
        toBody.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        if (body.isDone()) {
            return;
        }
        try {
            for (ByteBuffer buffer : buffers) {
                byte[] part = new byte[buffer.remaining()];
                buffer.get(part);
                if (gzip == null) {
                    add(part, part.length);
                } else {
                    gzip.decode(part, this::add);
                }
            }
        } catch (IOException e) {
            subscription.get().cancel();
            fail(e);
            return;
        }
        subscription.get().request(1);
    }

    private void add(byte[] part, int length) throws IOException {
        if (bytes.size() + length > limit) {
            throw new BodyTooLargeException(limit);
        }
        bytes.write(part, 0, length);
    }

    private void fail(Throwable e) {
        close();
        body.completeExceptionally(e);
    }

    private void close() {
        if (gzip != null) {
            gzip.close();
        }
    }

    @Override
    public void onError(Throwable e) {
        fail(e);
    }

    @Override
    public void onComplete() {
        close();
        body.complete(bytes.toByteArray());
    }
}
