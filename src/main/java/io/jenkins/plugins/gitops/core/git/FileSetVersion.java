package io.jenkins.plugins.gitops.core.git;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A commit that changed at least one of several files, and the versions of all of them after it.
 *
 * @param files by path; omits files that did not exist yet
 */
public record FileSetVersion(CommitInfo commit, Map<String, FileVersion> files) {
    public FileSetVersion {
        files = Map.copyOf(files);
    }

    /** Lists the commits that changed one file, newest first, as {@link ConfigRepository#fileLog}. */
    public interface FileLogReader {
        List<FileVersion> of(String path, int limit) throws IOException;
    }

    /**
     * The commits that changed any of these files, newest first, without duplicates.
     *
     * @param limit maximum number of commits; the result may have fewer even if one of the files has more
     * @throws IOException when the clone cannot be read
     */
    public static List<FileSetVersion> log(FileLogReader reader, List<String> paths, int limit) throws IOException {
        Map<String, List<FileVersion>> logs = new LinkedHashMap<>();
        TreeMap<Integer, CommitInfo> commits = new TreeMap<>();
        int known = Integer.MAX_VALUE;
        for (String path : paths) {
            List<FileVersion> log = reader.of(path, limit);
            logs.put(path, log);
            log.forEach(version -> commits.put(version.age(), version.commit()));
            if (log.size() >= limit) {
                known = Math.min(known, log.get(log.size() - 1).age());
            }
        }
        List<FileSetVersion> versions = new ArrayList<>();
        for (Map.Entry<Integer, CommitInfo> commit :
                commits.headMap(known, true).entrySet()) {
            if (versions.size() == limit) {
                break;
            }
            versions.add(new FileSetVersion(commit.getValue(), at(logs, commit.getKey())));
        }
        return versions;
    }

    private static Map<String, FileVersion> at(Map<String, List<FileVersion>> logs, int age) {
        Map<String, FileVersion> files = new LinkedHashMap<>();
        logs.forEach((path, log) -> log.stream()
                .filter(version -> version.age() >= age)
                .findFirst()
                .ifPresent(version -> files.put(path, version)));
        return files;
    }

    /**
     * Total size of all files, in bytes.
     *
     * @throws IOException when the clone cannot be read
     */
    public long size() throws IOException {
        long size = 0;
        for (FileVersion version : files.values()) {
            size += version.size();
        }
        return size;
    }

    /** Whether any of the files exists after this commit. */
    public boolean exists() {
        return files.values().stream().anyMatch(FileVersion::exists);
    }

    /**
     * The content of a file; empty when it did not exist.
     *
     * @throws IOException when the clone cannot be read
     */
    public byte[] content(String path) throws IOException {
        FileVersion version = files.get(path);
        return version == null ? new byte[0] : version.content().orElse(new byte[0]);
    }
}
