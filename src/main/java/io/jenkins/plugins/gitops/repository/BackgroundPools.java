package io.jenkins.plugins.gitops.repository;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.security.ACL;
import hudson.util.ClassLoaderSanityThreadFactory;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import jenkins.security.ImpersonatingExecutorService;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The plugin's threads: bounded, daemons, running as the system. What waits for a network, what reads a repository and what
 * a build waits for are kept apart, and of network and reading a repository or agent gets one thread at a time. So neither
 * a silent Git host nor a repository that is slow to parse takes the others along. No task waits for another one.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class BackgroundPools {
    /** Enough for that many repositories whose host is silent. */
    private static final int NETWORK_THREADS = 32;

    private static final int READING_THREADS = 8;
    private static final int CALLBACK_THREADS = 8;
    private static final int IDLE_SECONDS = 60;

    private final ExecutorService callbacks = newPool("GitOps", CALLBACK_THREADS);
    private final ExecutorService networkThreads = newPool("GitOps network", NETWORK_THREADS);
    private final ExecutorService readingThreads = newPool("GitOps reading", READING_THREADS);
    private final ExecutorService waitingThreads = newPool("GitOps waits", READING_THREADS);
    private final ExecutorService writers = newPool("GitOps push", NETWORK_THREADS);
    private final KeyedSerialExecutor network = new KeyedSerialExecutor(networkThreads);
    private final KeyedSerialExecutor reading = new KeyedSerialExecutor(readingThreads);
    private final KeyedSerialExecutor waits = new KeyedSerialExecutor(waitingThreads);
    private final KeyedSerialExecutor storage = new KeyedSerialExecutor(callbacks);
    private volatile boolean shutDown;

    public static BackgroundPools get() {
        return ExtensionList.lookupSingleton(BackgroundPools.class);
    }

    /** Steps and what completes them: short work, without network and without reading a repository's files. */
    public ExecutorService callbacks() {
        return callbacks;
    }

    /** Requests to one repository's host, one at a time. */
    Executor network(RepositoryConfiguration repository) {
        return network.of(repository);
    }

    /** What reads the files or the history of one repository's clone, one at a time. */
    public Executor reading(RepositoryConfiguration repository) {
        return reading.of(repository);
    }

    /** What parses the messages of one agent of another kind, one at a time. */
    public Executor reading(String agent) {
        return reading.of(agent);
    }

    /** The decisions about what is awaited in one repository, one at a time. */
    public Executor waits(String repositoryName) {
        return waits.of(repositoryName);
    }

    /** Writes the files of our own of one kind, one at a time. */
    public Executor storage(String kind) {
        return storage.of(kind);
    }

    /** Apart from the others, so that work there that waits for a push can never keep the push from starting. */
    ExecutorService writers() {
        return writers;
    }

    /** Whether nobody's network, reading, waits or storage have anything to do. */
    public boolean isIdle() {
        return network.size() + reading.size() + waits.size() + storage.size() == 0;
    }

    /** Whether nothing is taken any more. Jenkins does not call itself terminating until later. */
    public boolean isShutDown() {
        return shutDown;
    }

    /** Interrupts what runs, and takes nothing more. */
    void shutDown() {
        shutDown = true;
        List.of(callbacks, networkThreads, readingThreads, waitingThreads, writers)
                .forEach(ExecutorService::shutdownNow);
    }

    private static ExecutorService newPool(String name, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new NamingThreadFactory(new ClassLoaderSanityThreadFactory(new DaemonThreadFactory()), name));
        pool.allowCoreThreadTimeOut(true);
        return new ImpersonatingExecutorService(pool, ACL.SYSTEM2);
    }
}
