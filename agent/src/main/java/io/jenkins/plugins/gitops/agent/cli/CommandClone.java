package io.jenkins.plugins.gitops.agent.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.CloneInUseException;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The clone of one branch for one call of a command: in the cache, or in a temporary folder if that clone is in use. */
final class CommandClone implements OpenBranches.FetchedClone {
    private static final int SECONDS_FOR_OTHERS = 30;
    private static final int LOOK_AGAIN_MILLIS = 50;

    private final Consumer<String> progress;
    private final ExecutorService writer = Executors.newSingleThreadExecutor();
    private ConfigRepository repository;
    /** Null if the clone is in the cache. */
    @CheckForNull
    private Path temporary;

    /** Opens the clone in a folder of clones. */
    interface CloneOpener {
        ConfigRepository open(Path folder, ExecutorService writer) throws UserErrorException;
    }

    private CommandClone(Consumer<String> progress) {
        this.progress = progress;
    }

    /**
     * Opens and fetches.
     *
     * @param cache the folder of clones; null for the default folder
     * @param progress receives one line for each delay
     */
    static CommandClone open(@CheckForNull Path cache, CloneOpener opener, Consumer<String> progress)
            throws UserErrorException, IOException, InterruptedException {
        CommandClone clone = new CommandClone(progress);
        boolean opened = false;
        try {
            clone.repository = clone.openCached(cache, opener);
            if (clone.repository == null) {
                clone.temporary = Files.createTempDirectory("gitops-");
                clone.repository = opener.open(clone.temporary, clone.writer);
            }
            clone.repository.fetchWithRetries(progress);
            opened = true;
            return clone;
        } finally {
            if (!opened) {
                clone.close();
            }
        }
    }

    @Override
    public ConfigRepository repository() {
        return repository;
    }

    @Override
    public void close() {
        if (repository != null) {
            repository.close();
        }
        writer.shutdown();
        if (temporary != null) {
            deleteTemporary(temporary);
        }
    }

    /** A failure to delete the clone does not change the result of the task. */
    private void deleteTemporary(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            progress.accept("The temporary folder " + folder + " was not deleted: " + e.getMessage());
        }
    }

    /** Null if another process uses the clone for too long, or the default folder cannot be used. */
    @CheckForNull
    private ConfigRepository openCached(@CheckForNull Path cache, CloneOpener opener)
            throws UserErrorException, InterruptedException {
        try {
            return openWhenFree(cache == null ? defaultCache() : cache, opener);
        } catch (CloneInUseException e) {
            progress.accept("It is still in use; cloning the repository for this call only");
            return null;
        } catch (UserErrorException e) {
            if (cache == null) {
                return null;
            }
            throw e;
        }
    }

    private static Path defaultCache() {
        String base = System.getenv("XDG_CACHE_HOME");
        Path folder =
                base == null || base.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(base);
        return folder.resolve("gitops");
    }

    /** Waits for another process that uses the clone: that rarely takes long, whereas another clone may. */
    private ConfigRepository openWhenFree(Path folder, CloneOpener opener)
            throws UserErrorException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_FOR_OTHERS);
        boolean told = false;
        while (true) {
            try {
                return opener.open(folder, writer);
            } catch (CloneInUseException e) {
                if (System.nanoTime() >= end) {
                    throw e;
                }
                if (!told) {
                    progress.accept("The clone in " + folder + " is in use by another process; waiting up to "
                            + SECONDS_FOR_OTHERS + " s for it");
                    told = true;
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
            }
        }
    }
}
