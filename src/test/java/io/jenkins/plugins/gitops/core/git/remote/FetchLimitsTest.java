package io.jenkins.plugins.gitops.core.git.remote;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.PASSWORD;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.QUICK;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.access;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.ServedRepository;
import io.jenkins.plugins.gitops.core.git.WorkTreeClone;
import java.time.Duration;
import java.util.Optional;
import org.junit.Rule;
import org.junit.Test;

/** A large push to a repository does not fill the disk or the memory of its clients. */
public class FetchLimitsTest {
    private static final FetchLimits USUAL = FetchLimits.DEFAULT;

    @Rule
    public final ServedRepository served = new ServedRepository();

    @Test
    public void rejectsATooLargePack() throws Exception {
        refuses(
                new FetchLimits(1000, USUAL.objectBytes(), USUAL.objects(), USUAL.time()),
                "a fetch brings more than 1000 bytes");
    }

    @Test
    public void rejectsTooManyObjects() throws Exception {
        refuses(new FetchLimits(USUAL.packBytes(), USUAL.objectBytes(), 3, USUAL.time()), "a fetch brings ");
    }

    @Test
    public void abortsASlowFetch() throws Exception {
        refuses(new FetchLimits(USUAL.packBytes(), USUAL.objectBytes(), USUAL.objects(), Duration.ofNanos(1)), "");
    }

    @Test
    public void rejectsAnObjectThatInflatesTooMuch() throws Exception {
        ConfigRepository before = served.open();
        before.fetch();
        before.close();
        WorkTreeClone other = served.other();
        other.write("bomb", "a".repeat(3 << 20)).commit("Add a file that packs well");
        other.push(false);
        FetchLimits limits = new FetchLimits(USUAL.packBytes(), 1 << 20, USUAL.objects(), USUAL.time());
        ConfigRepository repository = served.open(QUICK.withLimits(limits));
        String known = repository.tip().orElseThrow();
        GitRemoteException failure = assertThrows(GitRemoteException.class, repository::fetch);
        assertThat(
                failure.getMessage(),
                is(served.url() + " was not fetched: a fetch brings an object of more than 1 MiB. Keep objects of this"
                        + " size out of this repository, or have the fetch limits raised."));
        assertThat("what was there stays", repository.tip(), is(Optional.of(known)));
        other.reset(known);
        other.push(true);
        assertThat(repository.fetch(), is(known));
    }

    private void refuses(FetchLimits limits, String what) throws Exception {
        try (ConfigRepository repository = ConfigRepository.open(
                served.cache(),
                served.url(),
                "main",
                "test",
                access(PASSWORD),
                Runnable::run,
                QUICK.withLimits(limits))) {
            GitRemoteException failure = assertThrows(GitRemoteException.class, repository::fetch);
            assertThat(
                    failure.getMessage(),
                    startsWith(what.isEmpty() ? served.url() : served.url() + " was not fetched: " + what));
            assertThat(repository.tip(), is(Optional.empty()));
        }
    }
}
