package io.jenkins.plugins.gitops.agent.demo;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;

/** Creates bare example repositories with one commit on branch {@value #BRANCH}. */
public final class ExampleRepository {
    /** The branch of the only commit. */
    public static final String BRANCH = "main";

    private static final String EXAMPLE = "config-repo/README.md";

    private ExampleRepository() {}

    /**
     * Creates a bare repository with the example config repository of the documentation.
     *
     * @param bareRepo the folder to create; must not exist or be empty
     * @return its only commit, 40 hex digits
     */
    public static String create(Path bareRepo) throws IOException {
        URL example = ExampleRepository.class.getResource(EXAMPLE);
        if (example == null) {
            throw new IOException("The example config repository is missing on the class path");
        }
        try {
            return create(bareRepo, example.toURI());
        } catch (URISyntaxException e) {
            throw new IOException("The example config repository cannot be read", e);
        }
    }

    private static String create(Path bareRepo, URI example) throws IOException {
        if (!example.getScheme().equals("jar")) {
            return create(bareRepo, Path.of(example).getParent());
        }
        String[] jarAndEntry = example.getRawSchemeSpecificPart().split("!", 2);
        try (FileSystem jar = FileSystems.newFileSystem(Path.of(URI.create(jarAndEntry[0])))) {
            return create(bareRepo, jar.getPath(jarAndEntry[1]).getParent());
        }
    }

    /**
     * Creates a bare repository with the files of a folder, all as regular files.
     *
     * @param bareRepo the folder to create; must not exist or be empty
     * @return its only commit, 40 hex digits
     */
    public static String create(Path bareRepo, Path folder) throws IOException {
        try (Git git = Git.init()
                .setBare(true)
                .setGitDir(bareRepo.toFile())
                .setInitialBranch(BRANCH)
                .call()) {
            Repository repository = git.getRepository();
            configure(repository.getConfig());
            try (ObjectInserter inserter = repository.newObjectInserter()) {
                ObjectId commit = commit(inserter, folder);
                RefUpdate update = repository.updateRef(Constants.R_HEADS + BRANCH);
                update.setNewObjectId(commit);
                RefUpdate.Result result = update.update();
                if (result != RefUpdate.Result.NEW) {
                    throw new IOException("Branch " + BRANCH + " could not be written: " + result);
                }
                return commit.name();
            }
        } catch (GitAPIException e) {
            throw new IOException("The bare repository could not be created", e);
        }
    }

    private static void configure(StoredConfig config) throws IOException {
        // Garbage collection is off, so that no thread still writes after the server was closed.
        config.setBoolean(ConfigConstants.CONFIG_RECEIVE_SECTION, null, ConfigConstants.CONFIG_KEY_AUTOGC, false);
        config.setInt(ConfigConstants.CONFIG_GC_SECTION, null, ConfigConstants.CONFIG_KEY_AUTO, 0);
        config.save();
    }

    private static ObjectId commit(ObjectInserter inserter, Path folder) throws IOException {
        DirCache index = DirCache.newInCore();
        DirCacheBuilder builder = index.builder();
        for (Path file : files(folder)) {
            DirCacheEntry entry =
                    new DirCacheEntry(folder.relativize(file).toString().replace('\\', '/'));
            entry.setFileMode(FileMode.REGULAR_FILE);
            entry.setObjectId(inserter.insert(Constants.OBJ_BLOB, Files.readAllBytes(file)));
            builder.add(entry);
        }
        builder.finish();
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(index.writeTree(inserter));
        commit.setAuthor(new PersonIdent("Example", "example@example.com"));
        commit.setCommitter(commit.getAuthor());
        commit.setMessage("Begin with the example\n");
        ObjectId id = inserter.insert(commit);
        inserter.flush();
        return id;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
