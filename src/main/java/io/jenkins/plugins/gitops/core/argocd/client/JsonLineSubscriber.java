package io.jenkins.plugins.gitops.core.argocd.client;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.http.GzipDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Splits an endless body into lines of JSON, with or without server-sent event framing. The executor processes the
 * lines, and no more data is requested meanwhile. Buffers at most one line and the last chunk.
 */
final class JsonLineSubscriber implements HttpResponse.BodySubscriber<Void> {
    /** Larger than any application. */
    static final int MAX_LINE = 4 << 20;

    /** The maximum number of lines per call. */
    private static final int MAX_BATCH = 64;

    private static final byte[] EVENT = "data:".getBytes(StandardCharsets.US_ASCII);

    private final Executor pool;

    @CheckForNull
    private final GzipDecoder gzip;

    private final Consumer<List<byte[]>> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final List<byte[]> batch = new ArrayList<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final AtomicReference<Flow.Subscription> subscription = new AtomicReference<>();

    /**
     * @param pool runs one task after the other
     * @param lines receives complete lines, on the executor; an empty list if there was only a heartbeat
     */
    JsonLineSubscriber(Executor pool, boolean gzip, Consumer<List<byte[]>> lines) {
        this.pool = pool;
        this.gzip = gzip ? new GzipDecoder() : null;
        this.lines = lines;
    }

    @Override
    public CompletionStage<Void> getBody() {
        return end;
    }

    @Override
    public void onSubscribe(Flow.Subscription toBody) {
        subscription.set(toBody);
        toBody.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        List<byte[]> parts = new ArrayList<>();
        for (ByteBuffer buffer : buffers) {
            byte[] part = new byte[buffer.remaining()];
            buffer.get(part);
            parts.add(part);
        }
        onPool(() -> take(parts));
    }

    private void onPool(Runnable work) {
        try {
            pool.execute(work);
        } catch (RejectedExecutionException e) {
            subscription.get().cancel();
            end.completeExceptionally(e);
        }
    }

    private void take(List<byte[]> parts) {
        if (end.isDone()) {
            return;
        }
        try {
            for (byte[] part : parts) {
                if (gzip == null) {
                    add(part, part.length);
                } else {
                    gzip.decode(part, this::add);
                }
            }
            emit();
            subscription.get().request(1);
        } catch (IOException | RuntimeException e) {
            subscription.get().cancel();
            finish(e);
        }
    }

    private void emit() {
        List<byte[]> whole = List.copyOf(batch);
        batch.clear();
        lines.accept(whole);
    }

    private void add(byte[] part, int length) throws IOException {
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (part[i] == '\n') {
                append(part, from, i);
                endOfLine();
                from = i + 1;
            }
        }
        append(part, from, length);
    }

    private void append(byte[] part, int from, int to) throws IOException {
        if (line.size() + to - from > MAX_LINE) {
            throw ArgoCdException.of("a line of the stream is larger than " + (MAX_LINE >> 20) + " MiB");
        }
        line.write(part, from, to - from);
    }

    private void endOfLine() {
        byte[] bytes = line.toByteArray();
        line.reset();
        int start = 0;
        if (startsWithEvent(bytes)) {
            start = EVENT.length;
        }
        while (start < bytes.length && bytes[start] == ' ') {
            start++;
        }
        if (start < bytes.length && bytes[start] == '{') {
            byte[] json = new byte[bytes.length - start];
            System.arraycopy(bytes, start, json, 0, json.length);
            batch.add(json);
            if (batch.size() >= MAX_BATCH) {
                emit();
            }
        }
    }

    private static boolean startsWithEvent(byte[] bytes) {
        for (int i = 0; i < EVENT.length; i++) {
            if (i >= bytes.length || bytes[i] != EVENT[i]) {
                return false;
            }
        }
        return true;
    }

    private void finish(@CheckForNull Throwable e) {
        if (gzip != null) {
            gzip.close();
        }
        if (e == null) {
            end.complete(null);
        } else {
            end.completeExceptionally(e);
        }
    }

    @Override
    public void onError(Throwable e) {
        onPool(() -> finish(e));
    }

    @Override
    public void onComplete() {
        onPool(() -> finish(null));
    }
}
