package io.jenkins.plugins.gitops.core.git.remote;

import io.jenkins.plugins.gitops.core.git.objects.CorruptionDetectingReader;
import io.jenkins.plugins.gitops.core.git.objects.OverlayObjectReader;
import io.jenkins.plugins.gitops.core.git.objects.PendingObjects;
import io.jenkins.plugins.gitops.core.git.objects.PushObjectReader;
import io.jenkins.plugins.gitops.core.git.objects.UnpushedCommits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.eclipse.jgit.attributes.AttributesNodeProvider;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectDatabase;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.RefDatabase;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.util.FS;

/**
 * A bare repository that uses only its own configuration file. JGit merges the user's and the system's configuration
 * into that of every repository, and the hook to change this is static for the JVM. Proxies, redirects, disabled
 * certificate checks or headers from there must not apply to the connections made here.
 */
public class IsolatedRepository extends Repository {
    private final Repository files;
    private final StoredConfig config;

    private IsolatedRepository(FileRepositoryBuilder builder, Repository files, StoredConfig config) {
        super(builder);
        this.files = files;
        this.config = config;
    }

    /** @throws IOException when there is no complete repository */
    public static IsolatedRepository open(Path folder) throws IOException {
        FileRepositoryBuilder builder = builder(folder).setMustExist(true);
        FileBasedConfig config =
                new FileBasedConfig(null, folder.resolve(Constants.CONFIG).toFile(), FS.DETECTED);
        try {
            config.load();
        } catch (ConfigInvalidException e) {
            throw new IOException("The configuration of the clone is damaged", e);
        }
        return new IsolatedRepository(builder, builder.build(), config);
    }

    /** Creates an empty repository in a folder that does not exist. */
    public static IsolatedRepository create(Path folder, String branchRef) throws IOException {
        try (Repository created = builder(folder).build()) {
            created.create(true);
            StoredConfig config = created.getConfig();
            config.setBoolean(
                    ConfigConstants.CONFIG_CORE_SECTION, null, ConfigConstants.CONFIG_KEY_LOGALLREFUPDATES, false);
            config.setInt(ConfigConstants.CONFIG_GC_SECTION, null, ConfigConstants.CONFIG_KEY_AUTO, 0);
            config.setString(ConfigConstants.CONFIG_PROTOCOL_SECTION, null, ConfigConstants.CONFIG_KEY_VERSION, "2");
            // A large folder is compressed for every change below it, so speed matters more than size.
            config.setInt(ConfigConstants.CONFIG_CORE_SECTION, null, ConfigConstants.CONFIG_KEY_COMPRESSION, 1);
            // By default, packs are kept for an hour after their objects were packed into another one.
            config.setString(
                    ConfigConstants.CONFIG_GC_SECTION, null, ConfigConstants.CONFIG_KEY_PRUNEPACKEXPIRE, "now");
            // Intended for servers with many clients; here they would only cost time.
            config.setBoolean("pack", null, "buildBitmaps", false);
            config.setBoolean(ConfigConstants.CONFIG_GC_SECTION, null, "writeCommitGraph", false);
            // A redirect could send credentials, or the controller's requests, to a host that was not configured.
            config.setString("http", null, "followRedirects", "false");
            config.save();
            RefUpdate head = created.updateRef(Constants.HEAD);
            head.disableRefLog();
            head.link(branchRef);
        }
        return open(folder);
    }

    private static FileRepositoryBuilder builder(Path folder) throws IOException {
        return new FileRepositoryBuilder()
                .setBare()
                .setGitDir(folder.toFile())
                .setFS(FS.DETECTED)
                .setup();
    }

    /** The underlying repository, for operations on its files. */
    public Repository files() {
        return files;
    }

    /**
     * A view of this repository that includes objects in memory.
     *
     * @return must not be closed
     */
    public Repository with(PendingObjects memory) throws IOException {
        return new RepositoryView(this, reader -> new OverlayObjectReader(reader, memory::find));
    }

    /**
     * A view of this repository for a push, which avoids opening every folder of the tip to determine what the remote
     * has: a folder that was neither read nor written for the pushed commits exists there already, including everything
     * below it.
     *
     * @param memory objects in memory
     * @param commits to be pushed
     * @return must not be closed
     */
    public Repository forPush(PendingObjects memory, UnpushedCommits commits) throws IOException {
        return new RepositoryView(this, reader -> new PushObjectReader(reader, memory, commits));
    }

    /**
     * A view of a repository for a fetch, which enforces the limits and rejects a shallow history unless one was
     * requested.
     *
     * @param all this repository, or this one with objects in memory
     * @param partial whether only a part of the history is requested
     * @return must not be closed
     */
    Repository forFetch(Repository all, FetchLimiter guard, boolean partial) throws IOException {
        return new RepositoryView(this, new FetchLimitedObjects(all.getObjectDatabase(), guard, partial));
    }

    /** The same repository with another object database. */
    private static final class RepositoryView extends IsolatedRepository {
        private final ObjectDatabase objects;

        RepositoryView(IsolatedRepository all, UnaryOperator<ObjectReader> reader) throws IOException {
            this(all, new DelegatingObjects(all.files.getObjectDatabase(), reader));
        }

        RepositoryView(IsolatedRepository all, ObjectDatabase objects) throws IOException {
            super(builder(all.getDirectory().toPath()), all.files, all.config);
            this.objects = objects;
        }

        @Override
        public ObjectDatabase getObjectDatabase() {
            return objects;
        }
    }

    /** Stores the objects of a fetch. */
    private static final class FetchLimitedObjects extends DelegatingObjects {
        private final FetchLimiter guard;
        private final boolean partial;

        FetchLimitedObjects(ObjectDatabase all, FetchLimiter guard, boolean partial) {
            super(all, reader -> reader);
            this.guard = guard;
            this.partial = partial;
        }

        @Override
        public ObjectInserter newInserter() {
            return guard.within(super.newInserter());
        }

        @Override
        public void setShallowCommits(Set<ObjectId> shallow) throws IOException {
            Set<ObjectId> known = getShallowCommits();
            if (shallow.equals(known)) {
                return;
            }
            if (!partial && !known.containsAll(shallow)) {
                throw new ShallowRemoteException();
            }
            super.setShallowCommits(shallow);
        }
    }

    /** The remote itself is a shallow clone. */
    static final class ShallowRemoteException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private static class DelegatingObjects extends ObjectDatabase {
        private final ObjectDatabase all;
        private final UnaryOperator<ObjectReader> reader;

        DelegatingObjects(ObjectDatabase all, UnaryOperator<ObjectReader> reader) {
            this.all = all;
            this.reader = reader;
        }

        @Override
        public ObjectReader newReader() {
            return reader.apply(all.newReader());
        }

        @Override
        public ObjectInserter newInserter() {
            return all.newInserter();
        }

        @Override
        public Set<ObjectId> getShallowCommits() throws IOException {
            return all.getShallowCommits();
        }

        @Override
        public void setShallowCommits(Set<ObjectId> shallow) throws IOException {
            all.setShallowCommits(shallow);
        }

        @Override
        public long getApproximateObjectCount() {
            return all.getApproximateObjectCount();
        }

        @Override
        public void close() {
            // owned by the repository
        }
    }

    @Override
    public ObjectReader newObjectReader() {
        return new CorruptionDetectingReader(super.newObjectReader());
    }

    @Override
    public void create(boolean bare) {
        throw new UnsupportedOperationException("exists");
    }

    @Override
    public String getIdentifier() {
        return files.getIdentifier();
    }

    @Override
    public ObjectDatabase getObjectDatabase() {
        return files.getObjectDatabase();
    }

    @Override
    public RefDatabase getRefDatabase() {
        return files.getRefDatabase();
    }

    @Override
    public StoredConfig getConfig() {
        return config;
    }

    @Override
    public AttributesNodeProvider createAttributesNodeProvider() {
        return files.createAttributesNodeProvider();
    }

    @Override
    public void scanForRepoChanges() throws IOException {
        files.scanForRepoChanges();
    }

    @Override
    public void notifyIndexChanged(boolean internal) {
        files.notifyIndexChanged(internal);
    }

    @Override
    protected void doClose() {
        files.close();
    }
}
