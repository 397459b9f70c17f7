package io.jenkins.plugins.gitops.core.git;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.result;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.write;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Tree entries other than regular files and folders: rejected if a path meets one, otherwise kept. */
public class UnusualTreeEntriesTest {
    private static final String POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:"
            + "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

    @Rule
    public final ServedRepository served = new ServedRepository();

    private ConfigRepository repository;
    private FileTree files;

    @Before
    public void open() throws Exception {
        commit(Map.of(
                "apps/link", new UnusualEntry(FileMode.SYMLINK, "../plain"),
                "apps/folder-link", new UnusualEntry(FileMode.SYMLINK, "../plain"),
                "apps/module", new UnusualEntry(FileMode.GITLINK, ""),
                "apps/script", new UnusualEntry(FileMode.EXECUTABLE_FILE, "#!/bin/sh"),
                "apps/large", new UnusualEntry(FileMode.REGULAR_FILE, POINTER),
                "apps/secret", new UnusualEntry(FileMode.REGULAR_FILE, "\0GITCRYPT\0abc"),
                "plain/file", new UnusualEntry(FileMode.REGULAR_FILE, "1"),
                ".gitattributes", new UnusualEntry(FileMode.REGULAR_FILE, "* text=auto eol=crlf ident filter=lfs\n"),
                ".gitmodules", new UnusualEntry(FileMode.REGULAR_FILE, "[submodule \"apps/module\"]\n")));
        repository = served.open();
        files = repository.files(repository.fetch());
    }

    private record UnusualEntry(FileMode mode, String content) {}

    @Test
    public void aLinkIsNeverFollowed() {
        String way = " is a symbolic link or is reached through one. Put the file itself into the repository.";
        assertThat(readRefused("apps/link"), is("apps/link" + way));
        assertThat(readRefused("apps/folder-link/file"), is("apps/folder-link/file" + way));
        assertThat(
                writeRefused("apps/link"),
                is("apps/link cannot be written: \"link\" is not a regular file. Remove it, or use another"
                        + " path."));
        assertThat(
                writeRefused("apps/folder-link/file"),
                is("apps/folder-link/file cannot be written: \"folder-link\" is not a folder. Remove it, or use"
                        + " another path."));
        assertThat(removeRefused("apps/link"), is("apps/link is not a regular file. Remove it in Git manually."));
    }

    @Test
    public void aSubmoduleIsNeverEntered() throws Exception {
        String way = " is a submodule or is inside one. Put the file itself into the repository.";
        assertThat(readRefused("apps/module"), is("apps/module" + way));
        assertThat(readRefused("apps/module/file"), is("apps/module/file" + way));
        assertThat(
                writeRefused("apps/module"),
                is("apps/module cannot be written: \"module\" is not a regular file. Remove it, or use another"
                        + " path."));
        assertThat(
                writeRefused("apps/module/file"),
                is("apps/module/file cannot be written: \"module\" is not a folder. Remove it, or use another"
                        + " path."));
        assertThat(removeRefused("apps/module"), is("apps/module is not a regular file. Remove it in Git manually."));
        assertThat(files.list("apps/module"), is(List.of()));
        assertThat(
                files.list("apps").stream().map(FileTree.Entry::name).toList(),
                is(List.of("frontend", "large", "script", "secret")));
    }

    @Test
    public void lfsOrEncryptedFileIsRejected() {
        String way =
                " is not in the repository itself: it is stored with Git LFS or git-crypt. Put the file itself into the"
                        + " repository.";
        assertThat(readRefused("apps/large"), is("apps/large" + way));
        assertThat(readRefused("apps/secret"), is("apps/secret" + way));
    }

    @Test
    public void gitControlFilesAreNotWritten() {
        for (String name : List.of(".gitmodules", ".gitattributes", ".gitignore", ".GitModules")) {
            for (String path : List.of(name, "apps/" + name, name + "/x")) {
                String refused = "\"" + path + "\" cannot be written: " + name
                        + " is reserved for Git. Change it in Git manually.";
                assertThat(writeRefused(path), is(refused));
                assertThat(removeRefused(path), is(refused));
            }
        }
    }

    @Test
    public void unusualEntriesAreKeptUnchanged() throws Exception {
        Map<String, String> before = entries();
        String content = "a: 1\r\nb: $Id$\n";
        result(repository, write("op", Map.of("apps/new", content, "apps/script", "#!/bin/bash", "plain/file", "2")));
        Map<String, String> after = entries();

        assertThat(served.read("apps/new"), is(content));
        assertThat(after.get("apps/script").substring(0, 6), is("100755"));
        before.remove("apps/script");
        before.remove("plain/file");
        after.keySet().removeAll(Set.of("apps/new", "apps/script", "plain/file"));
        assertThat(after, is(before));
    }

    private String readRefused(String path) {
        return assertThrows(path, UserErrorException.class, () -> files.read(path))
                .getMessage();
    }

    private String writeRefused(String path) {
        return refused(write("op", path, "2"));
    }

    private String removeRefused(String path) {
        return refused(new Change(
                "op",
                ServedRepository.AUTHOR,
                tip -> new ChangePlan(Map.of(), Set.of(path), "Remove", Trailers.none())));
    }

    private String refused(Change change) {
        ExecutionException e = assertThrows(ExecutionException.class, () -> result(repository, change));
        assertThat(e.getCause(), instanceOf(UserErrorException.class));
        return e.getCause().getMessage();
    }

    /** Returns mode and id of all entries at the server's tip. */
    private Map<String, String> entries() throws IOException {
        Map<String, String> entries = new TreeMap<>();
        try (Repository bare = bare();
                TreeWalk walk = new TreeWalk(bare)) {
            walk.addTree(bare.resolve("refs/heads/main^{tree}"));
            walk.setRecursive(true);
            while (walk.next()) {
                entries.put(
                        walk.getPathString(),
                        walk.getFileMode().toString() + " "
                                + walk.getObjectId(0).name());
            }
        }
        return entries;
    }

    private Repository bare() throws IOException {
        return new FileRepositoryBuilder().setGitDir(served.bare().toFile()).build();
    }

    /** Commits entries that no tool of this project could write. */
    private void commit(Map<String, UnusualEntry> odd) throws IOException {
        try (Repository bare = bare();
                ObjectInserter inserter = bare.newObjectInserter()) {
            ObjectId tip = bare.resolve("refs/heads/main");
            DirCacheBuilder builder = DirCache.newInCore().builder();
            builder.addTree(new byte[0], 0, bare.newObjectReader(), bare.resolve("refs/heads/main^{tree}"));
            for (Map.Entry<String, UnusualEntry> one : odd.entrySet()) {
                DirCacheEntry entry = new DirCacheEntry(one.getKey());
                entry.setFileMode(one.getValue().mode());
                byte[] bytes = one.getValue().content().getBytes(StandardCharsets.UTF_8);
                entry.setObjectId(
                        one.getValue().mode() == FileMode.GITLINK ? tip : inserter.insert(Constants.OBJ_BLOB, bytes));
                builder.add(entry);
            }
            builder.finish();
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(builder.getDirCache().writeTree(inserter));
            commit.setParentId(tip);
            commit.setAuthor(new PersonIdent("Somebody Else", "else@example.com"));
            commit.setCommitter(commit.getAuthor());
            commit.setMessage("Add odd things");
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            RefUpdate update = bare.updateRef("refs/heads/main");
            update.setNewObjectId(id);
            assertThat(update.update(), is(RefUpdate.Result.FAST_FORWARD));
        }
    }
}
