package io.jenkins.plugins.gitops.core.git;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.AUTHOR;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.PASSWORD;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.access;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.change.ChangeMetadata;
import io.jenkins.plugins.gitops.core.change.ImageRequest;
import io.jenkins.plugins.gitops.core.change.SetImagePlanner;
import io.jenkins.plugins.gitops.core.git.FaultyProxy.ProxyFault;
import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Rule;
import org.junit.Test;

/**
 * An image is set while the push fails: once, for a while, or permanently. The result is one commit, or a clear error
 * and none.
 */
public class DiskWriteFaultsTest {
    private static final String OPERATION = "job#7/3@lx0";
    private static final int WHILE = 3;

    @Rule
    public final ServedRepository served = new ServedRepository();

    private enum Lasting {
        ONCE,
        A_WHILE,
        FOR_EVER
    }

    @Test
    public void changeSurvivesRetryLaterStatus() throws Exception {
        withEveryDuration(ProxyFault.STATUS_503);
    }

    @Test
    public void changeSurvivesConnectionReset() throws Exception {
        withEveryDuration(ProxyFault.CLOSE_BEFORE);
    }

    @Test
    public void changeSurvivesSilentServer() throws Exception {
        withEveryDuration(ProxyFault.HANG_BEFORE);
    }

    @Test
    public void changeSurvivesLostResponse() throws Exception {
        withEveryDuration(ProxyFault.CLOSE_AFTER);
    }

    private void withEveryDuration(ProxyFault fault) throws Exception {
        for (Lasting lasting : Lasting.values()) {
            String branch = lasting.name().toLowerCase(Locale.ROOT);
            served.createBranch(branch);
            try (FaultyProxy proxy = new FaultyProxy(served.server().port());
                    ConfigRepository repository = open(proxy, branch, fault, lasting)) {
                repository.fetch();
                AtomicInteger pushes = new AtomicInteger();
                proxy.setFaults(line ->
                        line.startsWith("POST /config.git/git-receive-pack") && lasts(lasting, pushes.incrementAndGet())
                                ? fault
                                : ProxyFault.NONE);
                boolean written = isWritten(repository);
                assertThat(branch, commits(branch), is(written ? 1L : 0L));
                assertThat(branch, written, is(lasting != Lasting.FOR_EVER || fault.reachesServer()));
                proxy.setFaults(line -> ProxyFault.NONE);
                assertThat(branch, isWritten(repository), is(true));
                assertThat(branch, commits(branch), is(1L));
            }
        }
    }

    private static boolean lasts(Lasting lasting, int push) {
        return switch (lasting) {
            case ONCE -> push == 1;
            case A_WHILE -> push <= WHILE;
            case FOR_EVER -> true;
        };
    }

    private ConfigRepository open(FaultyProxy proxy, String branch, ProxyFault fault, Lasting lasting)
            throws Exception {
        Duration silence = Duration.ofSeconds(fault.hangs() ? 1 : 30);
        Duration deadline = Duration.ofSeconds(lasting == Lasting.FOR_EVER ? 1 : 120);
        return ConfigRepository.open(
                served.cache(),
                proxy.url("config.git"),
                branch,
                "test",
                access(PASSWORD),
                served.writers(),
                ServedRepository.withShortTimeouts(deadline, silence, false));
    }

    private static boolean isWritten(ConfigRepository repository) throws Exception {
        ChangeMetadata changeMetadata = new ChangeMetadata(OPERATION, null, "alice", null);
        SetImagePlanner planner =
                new SetImagePlanner("payments-api", "dev", new ImageRequest(null, "v2", null), changeMetadata);
        try {
            return repository
                    .submit(new Change(OPERATION, AUTHOR, planner))
                    .get(3, TimeUnit.MINUTES)
                    .changed();
        } catch (ExecutionException e) {
            assertThat(e.getCause(), instanceOf(GitRemoteException.class));
            return false;
        }
    }

    private long commits(String branch) throws Exception {
        List<CommitInfo> all = served.commits(branch);
        return all.stream()
                .filter(commit -> commit.trailers().all(Trailers.OPERATION).contains(OPERATION))
                .count();
    }
}
