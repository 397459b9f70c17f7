package io.jenkins.plugins.gitops.core.git.objects;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.junit.Test;

/** The differences between folders, compared with those of JGit. */
public class ChangedPathsTest {
    private static final String[] NAMES = {"a", "a.b", "a-b", "ab", "b", "zz"};

    @Test
    public void differencesMatchGits() throws Exception {
        Random random = new Random(1);
        try (InMemoryRepository repository = new InMemoryRepository(new DfsRepositoryDescription("test"))) {
            for (int i = 0; i < 500; i++) {
                Map<String, Integer> files = files(random);
                Map<String, Integer> others = random.nextInt(4) == 0 ? files(random) : new HashMap<>(files);
                others.entrySet().removeIf(e -> random.nextInt(10) == 0);
                others.replaceAll((path, value) -> random.nextInt(10) == 0 ? value + 1 : value);
                ObjectId one = write(repository, files);
                ObjectId other = write(repository, others);
                int[] found = ChangedPaths.files(
                        id -> repository.open(id, Constants.OBJ_TREE).getBytes(), one, other);
                Arrays.sort(found);
                assertThat(files + " and " + others, found, is(expected(repository, one, other)));
            }
        }
    }

    @Test
    public void tooManyDifferencesAreNotListed() throws Exception {
        try (InMemoryRepository repository = new InMemoryRepository(new DfsRepositoryDescription("test"))) {
            Map<String, Integer> files = new HashMap<>();
            for (int i = 0; i < ChangedPaths.MAX_FILES; i++) {
                files.put("f/" + i, i);
            }
            ObjectId nothing = write(repository, Map.of());
            ChangedPaths.TreeSource source =
                    id -> repository.open(id, Constants.OBJ_TREE).getBytes();
            assertThat(ChangedPaths.files(source, nothing, write(repository, files)), not(nullValue()));
            files.put("one/more", 1);
            assertThat(ChangedPaths.files(source, nothing, write(repository, files)), nullValue());
        }
    }

    private static Map<String, Integer> files(Random random) {
        Map<String, Integer> files = new HashMap<>();
        for (int i = random.nextInt(8); i > 0; i--) {
            List<String> path = new ArrayList<>();
            for (int depth = random.nextInt(3); depth >= 0; depth--) {
                path.add(NAMES[random.nextInt(NAMES.length)]);
            }
            files.put(String.join("/", path), random.nextInt(3));
        }
        // A path cannot be both a file and a folder.
        files.keySet().removeIf(file -> files.keySet().stream().anyMatch(other -> other.startsWith(file + "/")));
        return files;
    }

    private static ObjectId write(InMemoryRepository repository, Map<String, Integer> files) throws Exception {
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            ObjectId tree = write(inserter, files);
            inserter.flush();
            return tree;
        }
    }

    private static ObjectId write(ObjectInserter inserter, Map<String, Integer> files) throws Exception {
        Map<String, Map<String, Integer>> folders = new TreeMap<>();
        Map<String, Object> entries = new TreeMap<>();
        for (Map.Entry<String, Integer> file : files.entrySet()) {
            int slash = file.getKey().indexOf('/');
            if (slash < 0) {
                entries.put(file.getKey(), file.getValue());
            } else {
                folders.computeIfAbsent(file.getKey().substring(0, slash), f -> new HashMap<>())
                        .put(file.getKey().substring(slash + 1), file.getValue());
            }
        }
        // Git sorts folders as if their names ended with a slash.
        folders.forEach((name, below) -> entries.put(name + "/", below));
        TreeFormatter tree = new TreeFormatter();
        for (Map.Entry<String, Object> entry : entries.entrySet()) {
            String name = entry.getKey();
            if (name.endsWith("/")) {
                String folder = name.substring(0, name.length() - 1);
                tree.append(folder, FileMode.TREE, write(inserter, folders.get(folder)));
            } else {
                byte[] content = entry.getValue().toString().getBytes(StandardCharsets.UTF_8);
                tree.append(name, FileMode.REGULAR_FILE, inserter.insert(Constants.OBJ_BLOB, content));
            }
        }
        return inserter.insert(tree);
    }

    private static int[] expected(InMemoryRepository repository, ObjectId one, ObjectId other) throws Exception {
        List<Integer> hashes = new ArrayList<>();
        try (TreeWalk walk = new TreeWalk(repository)) {
            walk.addTree(one);
            walk.addTree(other);
            walk.setRecursive(true);
            walk.setFilter(TreeFilter.ANY_DIFF);
            while (walk.next()) {
                hashes.add(ChangedPaths.hash(walk.getPathString()));
            }
        }
        return hashes.stream().mapToInt(Integer::intValue).sorted().toArray();
    }
}
