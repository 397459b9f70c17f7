package io.jenkins.plugins.gitops.status;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.init.Terminator;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
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
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiPredicate;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The local clones of the config repositories, one for each URL, branch and credentials. */
@Extension
@Restricted(NoExternalUse.class)
public final class Repositories {
    private final Map<Key, Open> open = new HashMap<>();
    /** Many may open clones at once, but none while unused ones are deleted. */
    private final ReadWriteLock folders = new ReentrantReadWriteLock();

    private boolean closed;

    /** What makes two clones different: with other credentials another view of the repository may come. */
    private record Key(
            String url, String branch, @CheckForNull String credentialsId) {
        static Key of(RepositoryConfiguration repository) {
            return new Key(repository.getUrl(), repository.getBranch(), repository.getCredentialsId());
        }
    }

    /** Opened under its own lock, so that a disk or a large clone that takes its time holds up nobody else. */
    private static final class Open {
        private final Key key;
        private final Lock folder;
        private ConfigRepository clone;
        private boolean closed;
        private volatile Instant lastUsed = Instant.now();

        Open(Key key, Lock folder) {
            this.key = key;
            this.folder = folder;
        }

        /** Null when it was closed meanwhile. */
        @CheckForNull
        synchronized ConfigRepository use() throws RefusedException {
            if (closed) {
                return null;
            }
            if (clone == null) {
                clone = open();
            }
            lastUsed = Instant.now();
            return clone;
        }

        private ConfigRepository open() throws RefusedException {
            folder.lock();
            try {
                return ConfigRepository.open(
                        cacheFolder(),
                        key.url(),
                        key.branch(),
                        Objects.toString(key.credentialsId(), ""),
                        new SystemGitAccess(key.url(), key.credentialsId()),
                        BackgroundPools.get().writers(),
                        GitSettings.options());
            } finally {
                folder.unlock();
            }
        }

        synchronized void close() {
            closed = true;
            if (clone != null) {
                clone.close();
            }
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
        while (true) {
            Open found;
            synchronized (open) {
                if (closed) {
                    throw new RefusedException("Jenkins is shutting down", "Try again when it is back");
                }
                found = open.computeIfAbsent(key, k -> new Open(k, folders.readLock()));
            }
            ConfigRepository clone = found.use();
            if (clone != null) {
                return clone;
            }
        }
    }

    /** Steps and what completes them, see {@link BackgroundPools#callbacks()}. */
    public ExecutorService pool() {
        return BackgroundPools.get().callbacks();
    }

    private static Path cacheFolder() {
        return Jenkins.get().getRootDir().toPath().resolve("gitops").resolve("cache");
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
        List<Open> unused = new ArrayList<>();
        synchronized (open) {
            open.entrySet().removeIf(entry -> {
                boolean chosen = which.test(entry.getKey(), entry.getValue());
                if (chosen) {
                    unused.add(entry.getValue());
                }
                return chosen;
            });
        }
        unused.forEach(Open::close);
    }

    /** Deletes the clones that nobody opened or closed since then; some other time when one is just being opened. */
    void deleteUnused(Instant since) throws IOException {
        Lock alone = folders.writeLock();
        if (alone.tryLock()) {
            try {
                ConfigRepository.deleteUnused(cacheFolder(), since);
            } finally {
                alone.unlock();
            }
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
        BackgroundPools.get().shutDown();
        List<Open> all;
        synchronized (open) {
            closed = true;
            all = List.copyOf(open.values());
            open.clear();
        }
        all.forEach(Open::close);
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
