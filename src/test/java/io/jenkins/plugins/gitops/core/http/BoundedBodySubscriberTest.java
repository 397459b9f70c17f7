package io.jenkins.plugins.gitops.core.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.Test;

public class BoundedBodySubscriberTest {
    private boolean cancelled;

    @Test
    public void partsUpToTheLimitAreJoined() throws Exception {
        BoundedBodySubscriber body = subscribed(false);
        body.onNext(List.of(bytes("ab"), bytes("c")));
        body.onNext(List.of(bytes("")));
        body.onNext(List.of(bytes("de")));
        body.onComplete();
        assertThat(new String(result(body).get(), UTF_8), is("abcde"));
        assertThat(cancelled, is(false));
    }

    @Test
    public void oneByteOverTheLimitFailsAndCancels() {
        BoundedBodySubscriber body = subscribed(false);
        body.onNext(List.of(bytes("abcd"), bytes("ef")));
        ExecutionException failure =
                assertThrows(ExecutionException.class, () -> result(body).get());
        assertThat(failure.getCause().getMessage(), is("the response is larger than 5 bytes and was aborted"));
        assertThat(cancelled, is(true));
    }

    @Test
    public void connectionFailureIsPropagated() {
        BoundedBodySubscriber body = subscribed(false);
        IOException failure = new IOException("reset");
        body.onError(failure);
        assertThat(
                assertThrows(ExecutionException.class, () -> result(body).get()).getCause(), is(failure));
    }

    @Test
    public void limitOfAnEncodedBodyIsThatOfItsContent() throws Exception {
        BoundedBodySubscriber fits = subscribed(true);
        fits.onNext(List.of(gzip("abcde")));
        fits.onComplete();
        assertThat(new String(result(fits).get(), UTF_8), is("abcde"));

        BoundedBodySubscriber tooLarge = subscribed(true);
        tooLarge.onNext(List.of(gzip("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")));
        assertThat(
                assertThrows(ExecutionException.class, () -> result(tooLarge).get())
                        .getCause(),
                instanceOf(BodyTooLargeException.class));
    }

    @Test
    public void bodyThatIsNotEncodedAsSaidFails() {
        BoundedBodySubscriber body = subscribed(true);
        body.onNext(List.of(bytes("{}")));
        assertThat(
                assertThrows(ExecutionException.class, () -> result(body).get()).getCause(),
                instanceOf(ZipException.class));
        assertThat(cancelled, is(true));
    }

    private static ByteBuffer gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(UTF_8));
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    private BoundedBodySubscriber subscribed(boolean gzip) {
        BoundedBodySubscriber body = new BoundedBodySubscriber(5, gzip);
        body.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long count) {
                assertThat(count, is(1L));
            }

            @Override
            public void cancel() {
                cancelled = true;
            }
        });
        return body;
    }

    private static CompletableFuture<byte[]> result(BoundedBodySubscriber body) {
        return body.getBody().toCompletableFuture();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }
}
