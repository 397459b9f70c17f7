package io.jenkins.plugins.gitops.repository;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** One fetch serves all callers, and a host that does not respond blocks no other repository. */
public class RepositoryFetcherTest {
    private static final int CALLERS = 200;

    @ClassRule
    public static final GitopsJenkinsRule j = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = j.eachTest();

    private RepositoryConfiguration innocent;

    @Before
    public void setUp() throws Exception {
        innocent = GitopsConfiguration.get().getRepositories().get(0);
    }

    @Test
    public void silentHostOccupiesOnlyOneThread() throws Exception {
        try (UnresponsiveHost silent = new UnresponsiveHost()) {
            List<CompletableFuture<String>> fetches = callers(silent.configuration());
            Socket connection = silent.connections.poll(1, TimeUnit.MINUTES);
            String tip = RepositoryFetcher.get().fetchNow(innocent).get(1, TimeUnit.MINUTES);
            assertThat(ConfigRepositories.get().open(innocent).tip().orElseThrow(), is(tip));
            long fetching = Thread.getAllStackTraces().values().stream()
                    .filter(trace -> Arrays.stream(trace)
                            .anyMatch(frame -> frame.getClassName().endsWith(".core.git.LocalClone")
                                    && "fetch".equals(frame.getMethodName())))
                    .count();
            assertThat("threads that fetch, or wait for a fetch", fetching, lessThanOrEqualTo(1L));
            // The fetch fails now: callers from before its start get its result, all others that of the next one.
            silent.close();
            connection.close();
            Set<Throwable> failures = Collections.newSetFromMap(new IdentityHashMap<>());
            for (CompletableFuture<String> fetch : fetches) {
                Throwable failure = failure(fetch);
                assertThat(failure, is(instanceOf(GitRemoteException.class)));
                failures.add(failure);
            }
            assertThat("fetches for " + CALLERS + " callers", failures.size(), lessThanOrEqualTo(2));
        }
    }

    private static List<CompletableFuture<String>> callers(RepositoryConfiguration repository) {
        List<CompletableFuture<String>> fetches = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            fetches.add(RepositoryFetcher.get().fetchNow(repository));
        }
        return fetches;
    }

    private static Throwable failure(CompletableFuture<String> fetch) {
        return assertThrows(ExecutionException.class, () -> fetch.get(2, TimeUnit.MINUTES))
                .getCause();
    }

    @Test
    public void callersOfASharedFetchAreIndependent() throws Exception {
        CompletableFuture<String> impatient = RepositoryFetcher.get().fetchNow(innocent);
        CompletableFuture<String> patient = RepositoryFetcher.get().fetchNow(innocent);
        impatient.cancel(true);
        assertThat(
                patient.get(1, TimeUnit.MINUTES),
                is(ConfigRepositories.get().open(innocent).tip().orElseThrow()));
    }

    /** Accepts connections and does not respond. */
    private static final class UnresponsiveHost implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, CALLERS, InetAddress.getLoopbackAddress());
        private final BlockingQueue<Socket> connections = new LinkedBlockingQueue<>();

        UnresponsiveHost() throws IOException {
            Thread thread = new Thread(this::listen, "silent host");
            thread.setDaemon(true);
            thread.start();
        }

        private void listen() {
            try {
                while (true) {
                    connections.add(server.accept());
                }
            } catch (IOException e) {
                // Closed.
            }
        }

        RepositoryConfiguration configuration() {
            return new RepositoryConfiguration("silent", "http://127.0.0.1:" + server.getLocalPort() + "/silent.git");
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (Socket connection : connections) {
                connection.close();
            }
        }
    }
}
