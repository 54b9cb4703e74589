// -------------------------------------------------------------------------------------------- findings in Chinese

// What holds is worded anew here; what failed is told by phrases (teller/phrases.js).

const CHINESE_SUBJECTS = {
  bundle: "证据包",
  checkpoint: "检查点",
  state: "状态条目",
  event: "事件",
  tag: "标签",
  status: "状态",
  disclosure: "披露",
  withheld: "未出示的条目",
  part: "部分出示",
  recorded: "记录时间",
  answer: "答案",
  rules: "法规",
  bodies: "正文",
  "derived tags": "派生标签",
  times: "时间",
  world: "实物",
  texts: "说明文件",
  "left out": "未收入的记录",
  "other subjects": "其他对象",
  later: "之后的记录",
};

const CHINESE_FINDINGS = {
  checkpoint: ({ origin, size, by, witnesses, replayed }) =>
    `${origin}，共 ${size} 条；` +
    (by === null ? "策略不要求见证方" : `联署：${witnesses.join("、")}`) +
    (replayed.length > 0 ? `；逐条复核全部记录：${replayed.join("、")}` : "；没有镜像逐条复核"),
  state: ({ size }) => `给出其前 ${size} 条的索引`,
  recorded: ({ by, recorded, agree }) =>
    `按联署方的时钟不晚于 ${by}` + (agree ? "" : `；但日志称 ${recorded}：其中一个时钟有误`),
  event: ({ kind, parties, strangers, isReplayed }) =>
    `${kind}，签署：${parties.join("、")}` +
    (isReplayed ? "" : "；其密钥此前未被撤销仅为运营方自称") +
    (strangers.length > 0 ? `；未知：${strangers.join("、")}` : ""),
  tag: ({ count, upTo, replayed, isKey }) =>
    `截至第 ${upTo} 条的 ${count} 个事件均在包内` +
    (replayed.length > 0
      ? `，记录无缺漏：由 ${replayed.join("、")} 逐条复核全部记录`
      : `；没有遗漏${isKey ? "（包括撤销）" : ""}仅为运营方自称：没有逐条复核全部记录的镜像作证`),
  status: ({ count, upTo, replayed }) =>
    `截至第 ${upTo} 条，其设立、限制或终止的 ${count} 个事件均在包内` +
    (replayed.length > 0
      ? `，记录无缺漏：由 ${replayed.join("、")} 逐条复核全部记录`
      : "；没有遗漏仅为运营方自称：没有逐条复核全部记录的镜像作证"),
  disclosure: ({ name, position }) => `事件 ${position} 的 ${name}`,
  withheld: () => "所列哈希的条目确在该位置；其内容及所涉对象未出示",
  part: ({ count }) => `其 ${count} 个事件在包内；是否另有关于它的记录未出示`,
  rules: () => "行为是否符合法规，签署人的角色是否允许其行为",
  bodies: () => "各类型是否存在，各正文是否符合其格式；逐条复核全部记录方可得知",
  "derived tags": () => "条目中的样品经由哪些审批和货物入境；逐条复核全部记录方可得知",
  times: () => "行为实际发生的时间：仅为签署人自述；“记录时间”为账本的时间",
  world: () => "所签内容是否符合样品的实际情况",
  texts: () => "report.md、README.md、各类格式文件和 verify.html：由制作证据包者编写",
  "left out": ({ leftOut, approvals }) =>
    `只收入状态的对象，其余记录未收入：${leftOut.map(({ tag, events, of }) => `${tag} 的 ${of} 个事件中的 ${events} 个`).join("、")}` +
    (approvals.length > 0 ? `；因此 ${approvals.join("、")} 的余量未经核对` : ""),
  "other subjects": ({ tags, more }) => `是否还有关于 ${tags}${more > 0 ? ` 及另外 ${more} 个对象` : ""} 的记录`,
  later: ({ size }) => `第 ${size} 条之后的记录`,
};

function chineseWords(claim) {
  const { newer, hidden, unread, key, withheldOf: sealedKey } = claim.facts;
  if (newer) {
    return `此程序版本过旧，无法核对：${newer}`;
  }
  if (hidden !== undefined) {
    return `第 ${hidden} 条无法由此程序读取，故无法核对`;
  }
  if (unread !== undefined) {
    return `第 ${unread} 条未能核对，可能涉及密钥 ${key}`;
  }
  if (sealedKey !== undefined) {
    return `关于密钥 ${sealedKey} 的记录仅部分出示，可能缺少其撤销`;
  }
  const finding = CHINESE_FINDINGS[claim.about] ?? CHINESE_FINDINGS[claim.about.split(" ")[0]];
  return finding(claim.facts);
}
