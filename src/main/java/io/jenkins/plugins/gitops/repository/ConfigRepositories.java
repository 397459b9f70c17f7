package io.jenkins.plugins.gitops.repository;

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
import io.jenkins.plugins.gitops.core.model.UserErrorException;
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
public final class ConfigRepositories {
    private final Map<CloneKey, OpenClone> open = new HashMap<>();
    /** Many threads may open clones concurrently, but not while unused ones are deleted. */
    private final ReadWriteLock folders = new ReentrantReadWriteLock();

    private boolean closed;

    /**
     * Identifies a clone. Includes the credentials, since the host may show a different repository for others.
     *
     * @param policy the clone of the branch with the policy; null if this is that one
     */
    private record CloneKey(
            String url,
            @CheckForNull String branch,
            @CheckForNull String credentialsId,
            @CheckForNull CloneKey policy) {
        static CloneKey of(RepositoryConfiguration repository) {
            return new CloneKey(
                    repository.getUrl(),
                    repository.getBranch(),
                    repository.getCredentialsId(),
                    repository.isOfEnvironment() ? of(repository.policy()) : null);
        }

        /** The clone of the configured branch. */
        CloneKey configured() {
            return policy == null ? this : policy;
        }
    }

    /** Opened under its own lock, so that a slow disk or a large clone does not block the others. */
    private static final class OpenClone {
        private final CloneKey key;
        private final Lock folder;
        private volatile ConfigRepository clone;
        private boolean closed;
        private volatile Instant lastUsed = Instant.now();

        OpenClone(CloneKey key, Lock folder) {
            this.key = key;
            this.folder = folder;
        }

        /** Null when it was closed meanwhile. */
        @CheckForNull
        synchronized ConfigRepository use() throws UserErrorException {
            if (closed) {
                return null;
            }
            if (clone == null) {
                clone = open();
            }
            lastUsed = Instant.now();
            return clone;
        }

        private ConfigRepository open() throws UserErrorException {
            folder.lock();
            try {
                return ConfigRepository.open(
                        cacheFolder(),
                        key.url(),
                        key.branch(),
                        Objects.toString(key.credentialsId(), ""),
                        new SystemGitCredentials(key.url(), key.credentialsId()),
                        BackgroundPools.get().writers(),
                        GitSettings.options(),
                        key.policy() == null
                                ? null
                                : () -> ConfigRepositories.get().open(key.policy()));
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

    public static ConfigRepositories get() {
        return ExtensionList.lookupSingleton(ConfigRepositories.class);
    }

    /**
     * Opens the clone of a repository; no network. It stays open until its configuration changes, it is idle for long,
     * or Jenkins stops. Callers must not close it, and should call this again instead of keeping it.
     *
     * @throws UserErrorException when its URL or branch is not allowed, the cache folder cannot be used, or Jenkins
     *     stops
     */
    public ConfigRepository open(RepositoryConfiguration repository) throws UserErrorException {
        return open(CloneKey.of(repository));
    }

    private ConfigRepository open(CloneKey key) throws UserErrorException {
        while (true) {
            OpenClone found;
            synchronized (open) {
                if (closed) {
                    throw new UserErrorException("Jenkins is shutting down", "Try again when it is back");
                }
                found = open.computeIfAbsent(key, k -> new OpenClone(k, folders.readLock()));
            }
            ConfigRepository clone = found.use();
            if (clone != null) {
                return clone;
            }
        }
    }

    /** The branch of an open clone; null if it is not open, or no fetch has found its default branch yet. */
    @CheckForNull
    String knownBranch(RepositoryConfiguration repository) {
        OpenClone found;
        synchronized (open) {
            found = open.get(CloneKey.of(repository));
        }
        ConfigRepository clone = found == null ? null : found.clone;
        return clone == null || !clone.isBranchKnown() ? null : clone.branch();
    }

    /** For steps and their completion, see {@link BackgroundPools#callbacks()}. */
    public ExecutorService pool() {
        return BackgroundPools.get().callbacks();
    }

    private static Path cacheFolder() {
        return Jenkins.get().getRootDir().toPath().resolve("gitops").resolve("cache");
    }

    private void closeUnused() {
        Set<CloneKey> used = new HashSet<>();
        GitopsConfiguration.get().getRepositories().forEach(r -> used.add(CloneKey.of(r)));
        close((key, entry) -> !used.contains(key.configured()));
    }

    /**
     * Closes clones that have not been used since then. Their files stay, and the next call of {@link #open} opens them
     * again.
     */
    void closeIdle(Instant since) {
        close((key, entry) -> IdleCloneCleanup.isIdle(entry.lastUsed, since));
    }

    private void close(BiPredicate<CloneKey, OpenClone> which) {
        List<OpenClone> unused = new ArrayList<>();
        synchronized (open) {
            open.entrySet().removeIf(entry -> {
                boolean chosen = which.test(entry.getKey(), entry.getValue());
                if (chosen) {
                    unused.add(entry.getValue());
                }
                return chosen;
            });
        }
        unused.forEach(OpenClone::close);
    }

    /** Deletes clones that have not been opened or closed since then; does nothing while a clone is being opened. */
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
        ConfigRepositories repositories =
                ExtensionList.lookup(ConfigRepositories.class).get(ConfigRepositories.class);
        if (repositories != null) {
            repositories.shutDown();
        }
    }

    private void shutDown() {
        BackgroundPools.get().shutDown();
        List<OpenClone> all;
        synchronized (open) {
            closed = true;
            all = List.copyOf(open.values());
            open.clear();
        }
        all.forEach(OpenClone::close);
    }

    /** Closes clones that the configuration no longer names. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class CloneReleaseListener extends SaveableListener {
        @Override
        public void onChange(Saveable saved, XmlFile file) {
            if (saved instanceof GitopsConfiguration) {
                ConfigRepositories.get().closeUnused();
            }
        }
    }
}
