package io.jenkins.plugins.gitops.repository;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.sameInstance;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

/** Which caller starts a fetch of a repository, which callers share it, and how soon the next one may begin. */
public class FetchStateTest {
    private final FetchState fetchState = new FetchState();

    @Test
    public void unreadableRepositoryIsRetriedWithBackoff() {
        assertThat(fetchState.delay() <= 0, is(true));
        assertThat(fetchState.failed("no", Duration.ZERO), is(true));
        assertThat(fetchState.isBackingOff(), is(true));
        assertThat(fetchState.failed("no", Duration.ZERO), is(false));
        assertThat(fetchState.delay() > Duration.ofSeconds(3).toNanos(), is(true));
        for (int i = 0; i < 20; i++) {
            fetchState.failed("no", Duration.ZERO);
        }
        assertThat(fetchState.delay() <= Duration.ofMinutes(5).toNanos(), is(true));
        assertThat(fetchState.delay() > Duration.ofMinutes(4).toNanos(), is(true));
        assertThat(fetchState.failed("still no", Duration.ZERO), is(true));
        assertThat(fetchState.problem(), is("still no"));
        assertThat(fetchState.succeeded(), is(true));
        assertThat(fetchState.isBackingOff(), is(false));
        assertThat(fetchState.problem(), is(nullValue()));
        assertThat(fetchState.succeeded(), is(false));
    }

    @Test
    public void waitingCallersAreNotDelayedForMinutes() {
        for (int i = 0; i < 20; i++) {
            fetchState.failed("no", Duration.ZERO);
        }
        FetchState.FetchRequest quiet = fetchState.request(false);
        assertThat(quiet.start(), is(true));
        assertThat(fetchState.delay() > Duration.ofMinutes(4).toNanos(), is(true));
        FetchState.FetchRequest awaited = fetchState.request(true);
        assertThat("it has to be started sooner now", awaited.start(), is(true));
        assertThat(awaited.fetch(), is(sameInstance(quiet.fetch())));
        assertThat(fetchState.delay() <= Duration.ofSeconds(15).toNanos(), is(true));
        assertThat(fetchState.delay() > Duration.ofSeconds(10).toNanos(), is(true));
        assertThat("the next one that waits shares it", fetchState.request(true).start(), is(false));
        assertThat("too early", fetchState.start(), is(nullValue()));
    }

    @Test
    public void retryAfterOfTheHostIsRespected() {
        fetchState.failed("429", Duration.ofMinutes(2));
        fetchState.request(true);
        assertThat(fetchState.delay() > Duration.ofSeconds(110).toNanos(), is(true));
        fetchState.failed("429", Duration.ofDays(3_000_000));
        assertThat(fetchState.delay() <= Duration.ofMinutes(15).toNanos(), is(true));
    }

    @Test
    public void requestsBeforeTheStartShareOneFetch() {
        FetchState.FetchRequest first = fetchState.request(true);
        assertThat(first.start(), is(true));
        for (int i = 0; i < 200; i++) {
            FetchState.FetchRequest other = fetchState.request(true);
            assertThat(other.start(), is(false));
            assertThat(other.fetch(), is(sameInstance(first.fetch())));
        }
        assertThat(fetchState.start(), is(sameInstance(first.fetch())));
        assertThat("there is one only", fetchState.start(), is(nullValue()));
        assertThat(fetchState.finish(), is(false));
        assertThat("nothing was asked for", fetchState.start(), is(nullValue()));
    }

    @Test
    public void fetchRequestedWhileOneRunsFollowsIt() {
        CompletableFuture<String> running = fetchState.request(true).fetch();
        assertThat(fetchState.start(), is(sameInstance(running)));
        FetchState.FetchRequest next = fetchState.request(true);
        assertThat("not while one runs", next.start(), is(false));
        assertThat(next.fetch(), is(not(sameInstance(running))));
        assertThat(fetchState.start(), is(nullValue()));
        assertThat(fetchState.finish(), is(true));
        assertThat(fetchState.start(), is(notNullValue()));
    }
}
