package io.jenkins.plugins.gitops.status;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.sameInstance;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

/** Who starts the fetches of one repository, who shares them, and how soon the next one may begin. */
public class FeedTest {
    private final Feed feed = new Feed();

    @Test
    public void aRepositoryThatCannotBeReadIsTriedLessAndLess() {
        assertThat(feed.left() <= 0, is(true));
        assertThat(feed.failed("no", Duration.ZERO), is(true));
        assertThat(feed.isBackingOff(), is(true));
        assertThat(feed.failed("no", Duration.ZERO), is(false));
        assertThat(feed.left() > Duration.ofSeconds(3).toNanos(), is(true));
        for (int i = 0; i < 20; i++) {
            feed.failed("no", Duration.ZERO);
        }
        assertThat(feed.left() <= Duration.ofMinutes(5).toNanos(), is(true));
        assertThat(feed.left() > Duration.ofMinutes(4).toNanos(), is(true));
        assertThat(feed.failed("still no", Duration.ZERO), is(true));
        assertThat(feed.problem(), is("still no"));
        assertThat(feed.succeeded(), is(true));
        assertThat(feed.isBackingOff(), is(false));
        assertThat(feed.problem(), is(nullValue()));
        assertThat(feed.succeeded(), is(false));
    }

    @Test
    public void whoeverWaitsIsNotPutOffForMinutes() {
        for (int i = 0; i < 20; i++) {
            feed.failed("no", Duration.ZERO);
        }
        Feed.Request quiet = feed.ask(false);
        assertThat(quiet.start(), is(true));
        assertThat(feed.left() > Duration.ofMinutes(4).toNanos(), is(true));
        Feed.Request awaited = feed.ask(true);
        assertThat("it has to be started sooner now", awaited.start(), is(true));
        assertThat(awaited.fetch(), is(sameInstance(quiet.fetch())));
        assertThat(feed.left() <= Duration.ofSeconds(15).toNanos(), is(true));
        assertThat(feed.left() > Duration.ofSeconds(10).toNanos(), is(true));
        assertThat("the next one that waits shares it", feed.ask(true).start(), is(false));
        assertThat("too early", feed.begin(), is(nullValue()));
    }

    @Test
    public void aHostThatAsksToBeLeftAloneIs() {
        feed.failed("429", Duration.ofMinutes(2));
        feed.ask(true);
        assertThat(feed.left() > Duration.ofSeconds(110).toNanos(), is(true));
        feed.failed("429", Duration.ofDays(3_000_000));
        assertThat(feed.left() <= Duration.ofMinutes(15).toNanos(), is(true));
    }

    @Test
    public void allThatAskBeforeItBeginsShareOneFetch() {
        Feed.Request first = feed.ask(true);
        assertThat(first.start(), is(true));
        for (int i = 0; i < 200; i++) {
            Feed.Request other = feed.ask(true);
            assertThat(other.start(), is(false));
            assertThat(other.fetch(), is(sameInstance(first.fetch())));
        }
        assertThat(feed.begin(), is(sameInstance(first.fetch())));
        assertThat("there is one only", feed.begin(), is(nullValue()));
        assertThat(feed.end(), is(false));
        assertThat("nothing was asked for", feed.begin(), is(nullValue()));
    }

    @Test
    public void aFetchThatIsAskedForWhileOneRunsIsDoneAfterIt() {
        CompletableFuture<String> running = feed.ask(true).fetch();
        assertThat(feed.begin(), is(sameInstance(running)));
        Feed.Request next = feed.ask(true);
        assertThat("not while one runs", next.start(), is(false));
        assertThat(next.fetch(), is(not(sameInstance(running))));
        assertThat(feed.begin(), is(nullValue()));
        assertThat(feed.end(), is(true));
        assertThat(feed.begin(), is(notNullValue()));
    }
}
