package io.jenkins.plugins.gitops.core.git;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.increment;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.result;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.write;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.ObjectWalk;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.Rule;
import org.junit.Test;

/** A clone whose files are damaged, each in every way, while it is open and while it is closed. */
public class DamagedCloneTest {
    @Rule
    public final ServedRepository served = new ServedRepository();

    private int changes;

    private enum Damage {
        DELETED,
        EMPTY,
        HALF,
        GARBAGE,
        LAST_BYTE;

        void to(Path file) throws IOException {
            file.toFile().setWritable(true);
            byte[] bytes = Files.readAllBytes(file);
            switch (this) {
                case DELETED -> Files.delete(file);
                case EMPTY -> Files.write(file, new byte[0]);
                case HALF -> Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
                case GARBAGE -> {
                    new Random(1).nextBytes(bytes);
                    Files.write(file, bytes);
                }
                default -> {
                    bytes[bytes.length - 1] ^= 0x55;
                    Files.write(file, bytes);
                }
            }
        }
    }

    @Test
    public void recoversFromAnyObjectFileDamagedWhileClosed() throws Exception {
        everyFile(true);
    }

    @Test
    public void recoversFromAnyObjectFileDamagedWhileOpen() throws Exception {
        everyFile(false);
    }

    private void everyFile(boolean closed) throws Exception {
        List<String> wrong = new ArrayList<>();
        int files = 0;
        for (Damage damage : Damage.values()) {
            int count = 1;
            for (int i = 0; i < count; i++) {
                ConfigRepository repository = served.openAs(damage + "-" + i);
                repository.fetch();
                result(repository, increment("op-" + changes++, "count"));
                // Written objects are in memory until then.
                repository.close();
                Path folder = place();
                if (!closed) {
                    repository = served.openAs(damage + "-" + i);
                    repository.fetch();
                }
                List<Path> objects = objects(folder);
                count = objects.size();
                files = Math.max(files, count);
                Path file = objects.get(i);
                damage.to(file);
                try {
                    ConfigRepository again = closed ? served.openAs(damage + "-" + i) : repository;
                    ChangeResult result = result(again, increment("op-" + changes++, "count"));
                    assertThat(result.changed(), is(true));
                    assertThat(result.revision(), is(served.tip()));
                    assertThat(served.read("count"), is(String.valueOf(changes)));
                    assertThat(readsEverything(again), is(true));
                    again.close();
                } catch (Exception | AssertionError e) {
                    wrong.add(damage + " " + folder.relativize(file) + ": " + e);
                    repository.close();
                    changes = Integer.parseInt(served.read("count"));
                }
                deleteAll(served.cache());
            }
        }
        assertThat(String.join("\n", wrong), wrong.size(), is(0));
        assertThat("there were objects to damage", files, is(greaterThan(3)));
    }

    /** Objects that were not read yet may be missing; after they were found missing, the next fetch restores them. */
    private static boolean readsEverything(ConfigRepository repository) throws Exception {
        try {
            return repository.files(repository.fetch()).read("README.md").isPresent();
        } catch (IOException e) {
            return repository.files(repository.fetch()).read("README.md").isPresent();
        }
    }

    /** As after a power failure: the objects have their names, but not all of their bytes. */
    @Test
    public void partialWriteIsNotTakenForComplete() throws Exception {
        ConfigRepository repository = served.open();
        repository.fetch();
        Path folder = place();
        List<Path> fetched = objects(folder);
        result(repository, write("op-1", "a/b", "1"));
        repository.close();
        List<Path> written = new ArrayList<>(objects(folder));
        written.removeAll(fetched);
        repository = served.open();
        result(repository, write("op-2", "a/b", "2"));
        repository.close();
        for (Path file : written) {
            Damage.HALF.to(file);
        }
        assertThat("it was written", written.isEmpty(), is(false));
        ConfigRepository again = served.open();
        assertThat(result(again, write("op-3", "a/b", "1")).revision(), is(served.tip()));
        assertThat(served.read("a/b"), is("1"));
        assertThat(result(again, write("op-4", "a/b", "2")).revision(), is(served.tip()));
    }

    /** Packing keeps loose objects as well. */
    @Test
    public void recoversFromATruncatedLooseObject() throws Exception {
        ConfigRepository repository = served.open();
        String tip = repository.fetch();
        repository.close();
        Path folder = place();
        loosen(folder, tip);
        ConfigRepository again = served.open();
        assertThat(again.fetch(), is(tip));
        for (Path file : objects(folder)) {
            Damage.HALF.to(file);
        }
        assertThat(result(again, increment("op", "count")).revision(), is(served.tip()));
    }

    private static void loosen(Path folder, String tip) throws IOException {
        Map<byte[], Integer> all = new LinkedHashMap<>();
        try (Repository packed = repository(folder);
                ObjectWalk walk = new ObjectWalk(packed)) {
            walk.markStart(walk.parseCommit(ObjectId.fromString(tip)));
            for (RevObject object = walk.next(); object != null; object = walk.next()) {
                all.put(packed.open(object).getBytes(), object.getType());
            }
            for (RevObject object = walk.nextObject(); object != null; object = walk.nextObject()) {
                all.put(packed.open(object).getBytes(), object.getType());
            }
        }
        loseObjects(folder);
        try (Repository loose = repository(folder);
                ObjectInserter inserter = loose.newObjectInserter()) {
            for (Map.Entry<byte[], Integer> one : all.entrySet()) {
                inserter.insert(one.getValue(), one.getKey());
            }
            inserter.flush();
        }
    }

    private static Repository repository(Path folder) throws IOException {
        return new FileRepositoryBuilder().setGitDir(folder.toFile()).build();
    }

    @Test
    public void leftoversOfAKilledProcessAreRemovedAndTheCloneKept() throws Exception {
        ConfigRepository repository = served.open();
        String tip = repository.fetch();
        repository.close();
        Path folder = place();
        List<Path> left = new ArrayList<>();
        for (String name : List.of(
                "config.lock",
                "HEAD.lock",
                "packed-refs.lock",
                "refs/heads/main.lock",
                "objects/incoming_1.pack",
                "objects/noz1.tmp",
                "objects/insert_1.pack",
                "objects/pack/gc_1.pack_tmp",
                "objects/pack/incoming_2.idx",
                "../fresh.git/objects/pack/pack-1.pack")) {
            Path file = folder.resolve(name).normalize();
            Files.createDirectories(file.getParent());
            left.add(Files.writeString(file, "half"));
        }
        ConfigRepository again = served.open();
        assertThat("it is not made anew", again.tip(), is(Optional.of(tip)));
        assertThat(result(again, increment("op", "count")).revision(), is(served.tip()));
        loseObjects(folder);
        again.close();
        ConfigRepository anew = served.open();
        assertThat("nor is the other folder in the way when it has to be", anew.tip(), is(Optional.empty()));
        assertThat(result(anew, increment("op-2", "count")).revision(), is(served.tip()));
        for (Path file : left) {
            assertThat(file.toString(), Files.exists(file), is(false));
        }
    }

    private static void loseObjects(Path folder) throws IOException {
        for (Path file : objects(folder)) {
            Files.delete(file);
        }
    }

    @Test
    public void anythingElseAtItsPathIsReplaced() throws Exception {
        served.open().close();
        Path folder = place();
        deleteAll(folder);
        Files.writeString(folder, "a file");
        served.open().close();
        assertThat(Files.isDirectory(folder), is(true));

        deleteAll(folder);
        Path elsewhere = Files.createDirectory(served.folder().resolve("elsewhere"));
        Path kept = Files.writeString(elsewhere.resolve("kept"), "1");
        Files.createSymbolicLink(folder, elsewhere);
        served.open().close();
        assertThat(Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS), is(true));
        assertThat("what a link points to is not touched", Files.exists(kept), is(true));

        deleteAll(folder);
        Files.createSymbolicLink(folder, served.folder().resolve("nowhere"));
        assertThat(result(served.open(), increment("op", "count")).revision(), is(served.tip()));
    }

    @Test
    public void unwritableFolderIsOneClearError() throws Exception {
        served.open().close();
        Path lock = place().resolveSibling("lock");
        Files.delete(lock);
        Files.createDirectory(lock);
        UserErrorException e = assertThrows(UserErrorException.class, served::open);
        assertThat(e.getMessage(), startsWith("The cache folder " + lock.getParent() + " cannot be used: "));
        assertThat(e.getMessage(), endsWith(". Check the permissions of the folder and the space on its disk."));
    }

    @Test
    public void clonesOfOtherBranchesUrlsAndUsersAreNeverMixed() throws Exception {
        served.createBranch("dev");
        result(served.open(), increment("op", "count"));
        ConfigRepository dev = served.open(
                served.url(), "dev", ServedRepository.access(ServedRepository.PASSWORD), ServedRepository.QUICK);
        assertThat(dev.tip(), is(Optional.empty()));
        assertThat(dev.fetch(), is(served.commits("dev").get(0).revision()));
        assertThat(dev.contains(served.tip()), is(false));
        ConfigRepository other = served.openAs("other");
        assertThat(other.contains(served.tip()), is(false));
        ConfigRepository path = served.open(
                served.bare().toString(),
                "main",
                ServedRepository.access(ServedRepository.PASSWORD),
                ServedRepository.QUICK);
        assertThat(path.contains(served.tip()), is(false));
        assertThat(folders(), is(4));
    }

    private int folders() throws IOException {
        try (Stream<Path> folders = Files.list(served.cache())) {
            return (int) folders.count();
        }
    }

    private static List<Path> objects(Path repository) throws IOException {
        try (Stream<Path> files = Files.walk(repository.resolve("objects"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private Path place() throws IOException {
        try (Stream<Path> folders = Files.list(served.cache())) {
            return folders.findFirst().orElseThrow().resolve("repository.git");
        }
    }

    private static void deleteAll(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
