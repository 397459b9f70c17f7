package io.jenkins.plugins.gitops.status;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.init.Terminator;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import hudson.security.ACL;
import hudson.util.ClassLoaderSanityThreadFactory;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import jenkins.model.Jenkins;
import jenkins.security.ImpersonatingExecutorService;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The local clones of the config repositories, one for each URL, branch and credentials, and the threads that work on them. */
@Extension
@Restricted(NoExternalUse.class)
public final class Repositories {
    private static final int THREADS = 8;
    private static final int IDLE_SECONDS = 60;

    private final Map<Key, Open> open = new HashMap<>();
    private final ExecutorService pool = newPool("GitOps");
    // Apart from the pool, so that work there that waits for a push can never keep the push from starting.
    private final ExecutorService writers = newPool("GitOps push");
    private boolean closed;

    /** What makes two clones different: with other credentials another view of the repository may come. */
    private record Key(
            String url, String branch, @CheckForNull String credentialsId) {
        static Key of(RepositoryConfiguration repository) {
            return new Key(repository.getUrl(), repository.getBranch(), repository.getCredentialsId());
        }
    }

    private static final class Open {
        private final ConfigRepository clone;
        private Instant lastUsed;

        Open(ConfigRepository clone) {
            this.clone = clone;
        }
    }

    public static Repositories get() {
        return ExtensionList.lookupSingleton(Repositories.class);
    }

    /**
     * The clone of a repository; no network. It stays open until its configuration changes, nobody asks for it for long,
     * or Jenkins stops. Callers do not close it, and ask again instead of keeping it.
     *
     * @throws RefusedException when its URL or branch is not allowed, the cache folder cannot be used, or Jenkins stops
     */
    public ConfigRepository open(RepositoryConfiguration repository) throws RefusedException {
        Key key = Key.of(repository);
        synchronized (open) {
            if (closed) {
                throw new RefusedException("Jenkins is shutting down", "Try again when it is back");
            }
            Open found = open.get(key);
            if (found == null) {
                found = new Open(ConfigRepository.open(
                        cacheFolder(),
                        key.url(),
                        key.branch(),
                        Objects.toString(key.credentialsId(), ""),
                        new SystemGitAccess(key.url(), key.credentialsId()),
                        writers));
                open.put(key, found);
            }
            found.lastUsed = Instant.now();
            return found.clone;
        }
    }

    /**
     * Bounded daemon threads, running as the system, for all network and clone work of this plugin. Never waits for
     * itself: a task must not block on another task of this pool.
     */
    public ExecutorService pool() {
        return pool;
    }

    private static Path cacheFolder() {
        return Jenkins.get().getRootDir().toPath().resolve("gitops").resolve("cache");
    }

    private static ExecutorService newPool(String name) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new NamingThreadFactory(new ClassLoaderSanityThreadFactory(new DaemonThreadFactory()), name));
        threads.allowCoreThreadTimeOut(true);
        return new ImpersonatingExecutorService(threads, ACL.SYSTEM2);
    }

    private void closeUnused() {
        Set<Key> used = new HashSet<>();
        GitopsConfiguration.get().getRepositories().forEach(r -> used.add(Key.of(r)));
        close((key, entry) -> !used.contains(key));
    }

    /** Closes what nobody asked for since then, to be opened again by whoever asks; its files stay. */
    void closeIdle(Instant since) {
        close((key, entry) -> IdleRepositories.isIdle(entry.lastUsed, since));
    }

    private void close(BiPredicate<Key, Open> which) {
        List<ConfigRepository> unused = new ArrayList<>();
        synchronized (open) {
            open.entrySet().removeIf(entry -> {
                boolean chosen = which.test(entry.getKey(), entry.getValue());
                if (chosen) {
                    unused.add(entry.getValue().clone);
                }
                return chosen;
            });
        }
        unused.forEach(ConfigRepository::close);
    }

    /** Deletes the clones that nobody opened or closed since then. */
    void deleteUnused(Instant since) throws IOException {
        synchronized (open) {
            ConfigRepository.deleteUnused(cacheFolder(), since);
        }
    }

    @Terminator
    public static void stop() {
        Repositories repositories = ExtensionList.lookup(Repositories.class).get(Repositories.class);
        if (repositories != null) {
            repositories.shutDown();
        }
    }

    private void shutDown() {
        pool.shutdownNow();
        writers.shutdownNow();
        List<ConfigRepository> all;
        synchronized (open) {
            closed = true;
            all = open.values().stream().map(entry -> entry.clone).toList();
            open.clear();
        }
        all.forEach(ConfigRepository::close);
    }

    /** Lets go of clones that the configuration no longer names. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class OnChange extends SaveableListener {
        @Override
        public void onChange(Saveable saved, XmlFile file) {
            if (saved instanceof GitopsConfiguration) {
                Repositories.get().closeUnused();
            }
        }
    }
}
