package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.eclipse.jgit.api.errors.TransportException;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEditor;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.treewalk.filter.AndTreeFilter;
import org.eclipse.jgit.treewalk.filter.PathFilter;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/** Temporary: to be replaced. */
public final class ConfigRepository implements AutoCloseable {
    private final String url;
    private final String branch;
    private final GitAccess access;
    private final Executor writer;
    private final FileRepository repository;
    private volatile ObjectId tip;

    private ConfigRepository(String url, String branch, GitAccess access, Executor writer, FileRepository repository) {
        this.url = url;
        this.branch = branch;
        this.access = access;
        this.writer = writer;
        this.repository = repository;
    }

    public static ConfigRepository open(
            Path cacheFolder, String url, String branch, String scope, GitAccess access, Executor writer)
            throws RefusedException {
        try {
            Path folder = cacheFolder.resolve(Integer.toHexString((url + "\n" + branch + "\n" + scope).hashCode()));
            FileRepository repository = new FileRepository(folder.toFile());
            if (!folder.resolve("HEAD").toFile().exists()) {
                repository.create(true);
            }
            return new ConfigRepository(url, branch, access, writer, repository);
        } catch (IOException e) {
            throw new RefusedException("The cache of " + url + " cannot be opened", "Look at " + cacheFolder)
                    .causedBy(e);
        }
    }

    public String url() {
        return url;
    }

    public String branch() {
        return branch;
    }

    public synchronized String fetch() throws GitFailure {
        try (Transport transport = Transport.open(repository, new URIish(url))) {
            access.configure(transport);
            transport.fetch(
                    NullProgressMonitor.INSTANCE,
                    List.of(new RefSpec("+refs/heads/" + branch + ":refs/remotes/origin/" + branch)));
            tip = repository.resolve("refs/remotes/origin/" + branch);
            return tip.name();
        } catch (Exception e) {
            throw (GitFailure) new GitFailure(url + " could not be fetched: " + e.getMessage(), "Look").causedBy(e);
        }
    }

    public Optional<String> tip() {
        return Optional.ofNullable(tip).map(ObjectId::name);
    }

    public FileTree files(String revision) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            return new GitFileTree(repository, walk.parseCommit(ObjectId.fromString(revision)).getTree());
        }
    }

    public boolean contains(String revision) {
        try {
            return repository.getObjectDatabase().has(ObjectId.fromString(revision));
        } catch (RuntimeException e) {
            return false;
        }
    }

    public boolean isAncestor(String ancestor, String descendant) throws IOException {
        if (!contains(ancestor) || !contains(descendant)) {
            return false;
        }
        try (RevWalk walk = new RevWalk(repository)) {
            return walk.isMergedInto(
                    walk.parseCommit(ObjectId.fromString(ancestor)), walk.parseCommit(ObjectId.fromString(descendant)));
        }
    }

    public CompletableFuture<ChangeResult> submit(Change change) {
        CompletableFuture<ChangeResult> result = new CompletableFuture<>();
        writer.execute(() -> {
            try {
                result.complete(write(change));
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private synchronized ChangeResult write(Change change) throws Exception {
        for (int attempt = 0; attempt < 20; attempt++) {
            String base = fetch();
            for (CommitInfo commit : log(base, "", 1000)) {
                if (commit.trailers().first(Trailers.OPERATION).filter(change.operationId()::equals).isPresent()) {
                    return new ChangeResult(true, commit.revision(), commit.trailers(), List.of());
                }
            }
            FileTree files = files(base);
            Plan plan = change.planner().plan(files, base);
            Map<String, byte[]> changed = new TreeMap<>();
            for (Map.Entry<String, byte[]> e : plan.files().entrySet()) {
                if (!Arrays.equals(files.read(e.getKey()).orElse(null), e.getValue())) {
                    changed.put(e.getKey(), e.getValue());
                }
            }
            if (changed.isEmpty()) {
                return new ChangeResult(false, base, plan.trailers(), List.of());
            }
            ObjectId commit = commit(base, changed, plan, change.author());
            try (Transport transport = Transport.open(repository, new URIish(url))) {
                access.configure(transport);
                RemoteRefUpdate update = new RemoteRefUpdate(
                        repository, "x", commit, "refs/heads/" + branch, false, null, ObjectId.fromString(base));
                transport.push(NullProgressMonitor.INSTANCE, List.of(update));
                if (update.getStatus() == RemoteRefUpdate.Status.OK) {
                    tip = commit;
                    return new ChangeResult(true, commit.name(), plan.trailers(), new ArrayList<>(changed.keySet()));
                }
            }
        }
        throw new TransportException("no success");
    }

    private ObjectId commit(String base, Map<String, byte[]> changed, Plan plan, Author author) throws IOException {
        try (ObjectInserter inserter = repository.newObjectInserter();
                RevWalk walk = new RevWalk(repository)) {
            RevCommit parent = walk.parseCommit(ObjectId.fromString(base));
            DirCache index = DirCache.newInCore();
            DirCacheBuilder builder = index.builder();
            builder.addTree(new byte[0], DirCacheEntry.STAGE_0, repository.newObjectReader(), parent.getTree());
            builder.finish();
            DirCacheEditor editor = index.editor();
            for (Map.Entry<String, byte[]> e : changed.entrySet()) {
                ObjectId blob = inserter.insert(Constants.OBJ_BLOB, e.getValue());
                editor.add(new DirCacheEditor.PathEdit(e.getKey()) {
                    @Override
                    public void apply(DirCacheEntry entry) {
                        entry.setObjectId(blob);
                        if (entry.getFileMode() == FileMode.MISSING) {
                            entry.setFileMode(FileMode.REGULAR_FILE);
                        }
                    }
                });
            }
            editor.finish();
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(index.writeTree(inserter));
            commit.setParentId(parent);
            PersonIdent ident = new PersonIdent(author.name(), author.email());
            commit.setAuthor(ident);
            commit.setCommitter(ident);
            commit.setMessage(plan.trailers().message(plan.subject()));
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            return id;
        }
    }

    public List<CommitInfo> log(String revision, String path, int limit) throws IOException {
        List<CommitInfo> log = new ArrayList<>();
        try (RevWalk walk = new RevWalk(repository)) {
            walk.markStart(walk.parseCommit(ObjectId.fromString(revision)));
            if (!path.isEmpty()) {
                walk.setTreeFilter(AndTreeFilter.create(PathFilter.create(path), TreeFilter.ANY_DIFF));
            }
            for (RevCommit c : walk) {
                if (log.size() == limit) {
                    break;
                }
                log.add(new CommitInfo(
                        c.name(),
                        c.getAuthorIdent().getName(),
                        c.getAuthorIdent().getEmailAddress(),
                        c.getCommitterIdent().getWhenAsInstant(),
                        c.getShortMessage(),
                        Trailers.parse(c.getFullMessage())));
            }
        }
        return log;
    }

    Repository raw() {
        return repository;
    }

    @Override
    public void close() {
        repository.close();
    }
}
