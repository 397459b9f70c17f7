package io.jenkins.plugins.gitops.agent.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** The bare repositories below a folder; each is opened once. */
final class BareRepositories implements AutoCloseable {
    private final Path folder;
    private final Map<Path, Repository> open = new HashMap<>();

    BareRepositories(Path folder) throws IOException {
        this.folder = folder.toRealPath();
    }

    /** Finds a repository by {@code name} or {@code name.git}; empty if it does not exist or is outside the folder. */
    Optional<Repository> find(String name) throws IOException {
        for (String candidate : new String[] {name, name + Constants.DOT_GIT_EXT}) {
            Path path = folder.resolve(candidate).normalize();
            if (path.startsWith(folder)
                    && Files.isRegularFile(path.resolve(Constants.HEAD))
                    && Files.isDirectory(path.resolve(Constants.OBJECTS))
                    && path.toRealPath().startsWith(folder)) {
                return Optional.of(open(path.toRealPath()));
            }
        }
        return Optional.empty();
    }

    private Repository open(Path path) throws IOException {
        synchronized (open) {
            Repository repository = open.get(path);
            if (repository == null) {
                repository = new FileRepositoryBuilder()
                        .setBare()
                        .setGitDir(path.toFile())
                        .setMustExist(true)
                        .build();
                open.put(path, repository);
            }
            return repository;
        }
    }

    @Override
    public void close() {
        synchronized (open) {
            open.values().forEach(Repository::close);
            open.clear();
        }
    }
}
