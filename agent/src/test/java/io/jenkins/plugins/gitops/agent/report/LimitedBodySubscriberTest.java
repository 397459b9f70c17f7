package io.jenkins.plugins.gitops.agent.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import org.junit.Test;

public class LimitedBodySubscriberTest {
    private boolean cancelled;

    @Test
    public void partsUpToTheLimitAreJoined() throws Exception {
        LimitedBodySubscriber body = subscribed();
        body.onNext(List.of(bytes("ab"), bytes("c")));
        body.onNext(List.of(bytes("")));
        body.onNext(List.of(bytes("de")));
        body.onComplete();
        assertThat(new String(result(body).get(), UTF_8), is("abcde"));
        assertThat(cancelled, is(false));
    }

    @Test
    public void oneByteOverTheLimitFailsAndCancels() {
        LimitedBodySubscriber body = subscribed();
        body.onNext(List.of(bytes("abcd"), bytes("ef")));
        ExecutionException failure =
                assertThrows(ExecutionException.class, () -> result(body).get());
        assertThat(failure.getCause().getMessage(), is("the response is longer than 5 bytes"));
        assertThat(cancelled, is(true));
    }

    @Test
    public void connectionFailureIsPropagated() {
        LimitedBodySubscriber body = subscribed();
        IOException failure = new IOException("reset");
        body.onError(failure);
        assertThat(
                assertThrows(ExecutionException.class, () -> result(body).get()).getCause(), is(failure));
    }

    private LimitedBodySubscriber subscribed() {
        LimitedBodySubscriber body = new LimitedBodySubscriber(5);
        body.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long count) {
                assertThat(count, is(Long.MAX_VALUE));
            }

            @Override
            public void cancel() {
                cancelled = true;
            }
        });
        return body;
    }

    private static CompletableFuture<byte[]> result(LimitedBodySubscriber body) {
        return body.getBody().toCompletableFuture();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }
}
