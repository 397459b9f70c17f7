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
 * The plugin's threads: bounded, daemons, running as the system user. There are separate pools for network access, for
 * reading repositories, and for the callbacks that builds wait for; each repository and each agent uses at most one
 * thread of the network and reading pools at a time. So neither an unresponsive Git host nor a repository that is slow
 * to parse blocks the others. No task waits for another one.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class BackgroundPools {
    /** Allows for this number of repositories whose host does not respond. */
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

    /** For steps and their completion: short tasks, without network and without reading a repository's files. */
    public ExecutorService callbacks() {
        return callbacks;
    }

    /** For requests to the host of one repository, one at a time, whichever branch they are for. */
    Executor network(RepositoryConfiguration repository) {
        return network.of(repository.policy());
    }

    /** For reading the files or the history of one repository's clones, one task at a time. */
    public Executor reading(RepositoryConfiguration repository) {
        return reading.of(repository.policy());
    }

    /** For parsing the messages of one agent of another kind, one task at a time. */
    public Executor reading(String agent) {
        return reading.of(agent);
    }

    /** For evaluating the waits of one repository, one task at a time. */
    public Executor waits(String repositoryName) {
        return waits.of(repositoryName);
    }

    /** For writing the plugin's own files of one kind, one task at a time. */
    public Executor storage(String kind) {
        return storage.of(kind);
    }

    /** For pushes. Separate from the others, so that tasks that wait for a push can never prevent it from starting. */
    ExecutorService writers() {
        return writers;
    }

    /** Whether there are no network, reading, wait and storage tasks. */
    public boolean isIdle() {
        return network.size() + reading.size() + waits.size() + storage.size() == 0;
    }

    /** Whether the pools reject new tasks. Jenkins reports that it is terminating only later. */
    public boolean isShutDown() {
        return shutDown;
    }

    /** Interrupts running tasks, and rejects new ones. */
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
